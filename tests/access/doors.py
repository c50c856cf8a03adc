"""Who gets through which door: the whole list, by the route's name."""

from tests.access.world import World

EVERYBODY = frozenset(
    {
        "visitor", "outsider", "rival_curator", "owner_reader", "owner", "curator",
        "responder_reader", "responder", "region", "administrator",
    }
)  # fmt: skip
SIGNED_IN = EVERYBODY - {"visitor"}
ACTS_FOR_ANYBODY = frozenset({"outsider", "rival_curator", "owner", "curator", "responder"})
ADMINISTRATOR = frozenset({"administrator"})
REGION = frozenset({"region"})
OWNER = frozenset({"owner"})
OWNER_SIDE = frozenset({"owner", "owner_reader"})
CURATORS = frozenset({"curator", "region"})
CLUSTER_EDITOR = frozenset({"curator"})
RESPONDER = frozenset({"responder"})
RESPONDER_SIDE = frozenset({"responder", "responder_reader"})
NOBODY_YET: frozenset[str] = frozenset()
"""Sealed until the deadline, which in this world has not passed."""

NOBODY_WITH_A_FORGED_LINK: frozenset[str] = frozenset()
NOBODY_WITHOUT_A_PROVIDER: frozenset[str] = frozenset()
NOBODY_FROM_AFAR: frozenset[str] = frozenset()
"""Only this machine and whoever has the token of monitoring."""
OF_THE_PARTNER: frozenset[str] = frozenset()
"""A partner signs for itself, and nobody in this world belongs to it."""

PUBLIC = (
    "messages:off messages:switch_off "
    "home:landing home:how_matches_are_made home:accessibility home:privacy home:sources "
    "home:easy_language "
    "help:overview help:guide help:glossary "
    "accounts:sign_up accounts:submit_sign_up accounts:sign_up_sent accounts:confirm "
    "accounts:submit_confirm accounts:sign_in accounts:submit_sign_in accounts:sign_out "
    "accounts:second_step accounts:submit_second_step accounts:confirm_address "
    "accounts:change_address accounts:forgotten accounts:submit_forgotten accounts:reset "
    "accounts:submit_reset "
    "challenges:list challenges:show organisations:directory organisations:show "
    "developers:reference developers:shapes developers:openapi developers:styleguide "
    "feeds:overview feeds:challenges feeds:deadlines "
    "open_data:overview open_data:download "
    "organisations:members profiles:show profiles:template matches:mail_reply "
    "matches:send_mail_reply searches:mail_off searches:switch_mail_off dialogue:questions "
    "sites:list sites:show pilots:list"
)
FOR_THE_SIGNED_IN = (
    "messages:inbox messages:mark_all messages:choices messages:choose "
    "home:work accounts:account accounts:change_details accounts:change_password "
    "accounts:sign_out_elsewhere accounts:prove accounts:submit_prove accounts:new_address "
    "accounts:request_address accounts:second_factor accounts:begin_second_factor "
    "accounts:confirm_second_factor accounts:renew_recovery_codes "
    "accounts:turn_second_factor_off personal_data:show personal_data:copy "
    "personal_data:confirm_delete personal_data:delete "
    "accounts:sign_out_everywhere accounts:tokens accounts:create_token feeds:renew feeds:end "
    "organisations:new organisations:create organisations:join "
    "organisations:show_invitation matches:invitations responses:start responses:create "
    "searches:list searches:save "
    "referrals:ask_whom referrals:recommend dialogue:follow dialogue:unfollow disclosures:show "
    "evaluations:ties evaluations:note_tie"
)
FOR_THE_OWNER = (
    "challenges:edit challenges:edit_section challenges:revise challenges:check "
    "challenges:submit challenges:submitted challenges:new_copy challenges:copy "
    "disclosures:edit disclosures:protect "
    "reviews:confirm_release reviews:release reviews:waive reviews:propose_shortlist"
)
FOR_CURATORS = (
    "challenges:review challenges:decide matches:list matches:run shortlists:search "
    "shortlists:add shortlists:keep shortlists:ask_why shortlists:drop shortlists:undo "
    "shortlists:move shortlists:note shortlists:check shortlists:send shortlists:pace "
    "shortlists:ask_recall shortlists:recall shortlists:ask_signature shortlists:edit "
    "shortlists:save referrals:ask_cluster referrals:refer_challenge referrals:ask_challenge "
    "referrals:refer_candidate "
    "shortlists:version shortlists:data matches:compare"
)
FOR_THE_RESPONDER = (
    "organisations:edit organisations:change organisations:invite organisations:change_role "
    "organisations:remove organisations:withdraw_invitation profiles:add profiles:add_form "
    "profiles:edit profiles:edit_form profiles:delete profiles:delete_form profiles:upload "
    "profiles:upload_form profiles:show_import profiles:import profiles:discard "
    "profiles:bad_rows matches:reply matches:want_invitations "
    "responses:edit responses:save responses:check "
    "responses:submit responses:withdraw partners:add partners:change partners:change_form "
    "partners:remove searches:switch searches:delete sites:new sites:add sites:edit sites:change "
    "accounts:delete_token accounts:end_session messages:show messages:mark progress:show"
)

OPPORTUNITIES = (
    "opportunities:feed opportunities:look_again opportunities:fit opportunities:check_fit"
)
PANEL = "evaluations:panel evaluations:propose evaluations:dismiss evaluations:take_criteria"
EVALUATION = (
    "evaluations:declaration evaluations:declare evaluations:worklist evaluations:scores "
    "evaluations:score evaluations:comparison evaluations:discussion evaluations:discuss "
    "evaluations:end_tie"
)
SCREENING = (
    "screenings:show screenings:declare_eligible screenings:object screenings:uphold screenings:ask"
)

MONITORING = (
    "monitoring:overview monitoring:exposure monitoring:needs monitoring:challenges "
    "monitoring:matches monitoring:requirements monitoring:table"
)
MONITORS = CURATORS | {"rival_curator"}
"""Each cluster sees figures of the challenges it looks after, be there none."""

OF_BOTH_SIDES = (
    "pilots:sheet pilots:change_sheet pilots:sign pilots:results pilots:measure pilots:hide "
    "pilots:confirm_stop pilots:stop pilots:extension pilots:propose_extension "
    "pilots:reply_to_extension"
)
OF_THE_PILOTS_OWNER = "pilots:decision pilots:complete pilots:send_back"
OF_THE_PILOTS_RESPONDER = (
    "pilots:new pilots:begin pilots:check_report pilots:report pilots:interim_report "
    "pilots:hand_in_report"
)

DOORS: dict[str, frozenset[str]] = {
    **dict.fromkeys(PUBLIC.split(), EVERYBODY),
    **dict.fromkeys(FOR_THE_SIGNED_IN.split(), SIGNED_IN),
    **dict.fromkeys(FOR_THE_OWNER.split(), OWNER),
    **dict.fromkeys(FOR_CURATORS.split(), CURATORS),
    **dict.fromkeys(FOR_THE_RESPONDER.split(), RESPONDER),
    **dict.fromkeys(("challenges:new", "challenges:create"), ACTS_FOR_ANYBODY),
    "challenges:moderation": CURATORS | {"rival_curator"},
    **dict.fromkeys(("organisations:add_member", "organisations:remove_member"), CLUSTER_EDITOR),
    "organisations:people": RESPONDER_SIDE,
    "organisations:unverified": REGION,
    "monitoring:recount": REGION,
    "organisations:verify": REGION,
    "shortlists:co_sign": REGION,
    "referrals:show": CURATORS | {"rival_curator"},
    "referrals:answer": frozenset({"rival_curator"}),
    "matches:invitation": RESPONDER_SIDE,
    **dict.fromkeys(OPPORTUNITIES.split(), RESPONDER_SIDE),
    "partners:show": RESPONDER_SIDE,
    "redirections:show": RESPONDER_SIDE,
    "redirections:propose": RESPONDER_SIDE,
    "redirections:consent": RESPONDER,
    "redirections:take": RESPONDER,
    "redirections:accept": RESPONDER,
    "redirections:decline": RESPONDER,
    "versions:show": RESPONDER_SIDE,
    "partners:sign": OF_THE_PARTNER,
    "partners:decline": OF_THE_PARTNER,
    "shortlists:show": OWNER_SIDE | CURATORS,
    "shortlists:sheet": OWNER_SIDE | CURATORS,
    "shortlists:export": OWNER_SIDE | CURATORS,
    "responses:list": OWNER_SIDE | CURATORS,
    "dialogue:ask": SIGNED_IN,
    "disclosures:accept": RESPONDER_SIDE,
    "dialogue:show_question": OWNER | CURATORS,
    "dialogue:answer": OWNER | CURATORS,
    "dialogue:addendum_form": OWNER | CURATORS,
    "dialogue:add": OWNER | CURATORS,
    "steering:show": OWNER_SIDE | CURATORS,
    "steering:confirm": OWNER | REGION,
    "steering:carry_out": OWNER | REGION,
    "reviews:read_response": RESPONDER_SIDE,
    "reviews:decisions": OWNER_SIDE | CURATORS,
    "reviews:feedback": OWNER_SIDE | CURATORS,
    "reviews:prepare_feedback": OWNER,
    "reviews:start_evaluation": OWNER | CURATORS,
    "screenings:list": OWNER_SIDE | CURATORS,
    **dict.fromkeys(PANEL.split(), OWNER | CURATORS),
    **dict.fromkeys(EVALUATION.split(), NOBODY_YET),
    **dict.fromkeys(SCREENING.split(), NOBODY_YET),
    **dict.fromkeys(
        ("screenings:information", "screenings:inform", "reviews:acceptance", "reviews:reply"),
        RESPONDER,
    ),
    **dict.fromkeys(("feeds:own_deadlines", "feeds:search"), NOBODY_WITH_A_FORGED_LINK),
    **dict.fromkeys(
        (
            "accounts:visit_provider",
            "accounts:return_from_provider",
            "accounts:prove_with",
            "accounts:follow_provider",
        ),
        NOBODY_WITHOUT_A_PROVIDER,
    ),
    "reviews:agree": CURATORS,
    "disqualifications:show": NOBODY_YET,
    "disqualifications:open": NOBODY_YET,
    "disqualifications:settle": NOBODY_YET,
    "disqualifications:reply": RESPONDER,
    "reviews:edit_decision": NOBODY_YET,
    "reviews:prepare_decision": NOBODY_YET,
    **dict.fromkeys(("outcomes:question", "outcomes:answer"), RESPONDER),
    **dict.fromkeys(("outcomes:new_purchase", "outcomes:record_purchase"), OWNER),
    "pilots:show": OWNER_SIDE | CURATORS | RESPONDER_SIDE,
    **dict.fromkeys(OF_BOTH_SIDES.split(), OWNER | RESPONDER),
    **dict.fromkeys(OF_THE_PILOTS_OWNER.split(), OWNER),
    **dict.fromkeys(OF_THE_PILOTS_RESPONDER.split(), RESPONDER),
    **dict.fromkeys(("pilots:prepare_replication", "pilots:replicate"), NOBODY_YET),
    **dict.fromkeys(MONITORING.split(), MONITORS),
    "administration:mails": ADMINISTRATOR,
    "administration:mail": ADMINISTRATOR,
    "administration:jobs": ADMINISTRATOR,
    "administration:journal": ADMINISTRATOR,
    "administration:check_journal": ADMINISTRATOR,
    "administration:compare_index": ADMINISTRATOR,
    **dict.fromkeys(
        (
            "administration:people",
            "administration:find_person",
            "administration:person",
            "administration:change_access",
        ),
        ADMINISTRATOR,
    ),
    "administration:second_factor": ADMINISTRATOR,
    "administration:reset_second_factor": ADMINISTRATOR,
    "trail:show": OWNER_SIDE | CURATORS | ADMINISTRATOR,
    **dict.fromkeys(("trail:file", "trail:data", "trail:ask"), OWNER_SIDE | CURATORS),
    "trail:schema": EVERYBODY,
    "operations:health": EVERYBODY,
    "operations:readiness": EVERYBODY,
    "operations:metrics": NOBODY_FROM_AFAR,
    "trail:fetch": NOBODY_YET,
    "administration:try_again": ADMINISTRATOR,
}

OF_A_DRAFT = [door for door in FOR_THE_OWNER.split() if not door.startswith("reviews:")]
OF_A_CLUSTER = ("organisations:add_member", "organisations:remove_member", "organisations:members")


NARROWER = {
    "steering:api_open": REGION,
    "steering:api_reopen": REGION,
    "steering:api_archive": REGION,
    "steering:api_complete": OWNER,
}
"""Routes of the API whose twin is one page for several acts."""
FORMS = {
    "feeds:challenges": {"form": "atom"},
    "help:guide": {"guide": "owner"},
    "feeds:search": {"form": "json"},
    "open_data:download": {"form": "csv", "table": "challenges"},
    "monitoring:table": {"table": "heat-map"},
    "shortlists:export": {"form": "csv"},
}


def ids_for(name: str, world: World) -> dict[str, str]:
    """Return what fills the addresses of a page: a cluster's for clusters, a draft's for drafts."""
    ids = dict(world.ids)
    ids["slug"] = ids["cluster_slug" if name in OF_A_CLUSTER else "responder_slug"]
    if name in OF_A_DRAFT:
        ids["challenge_id"] = ids["draft_id"]
    return ids


def address(path: str, name: str, world: World) -> str:
    """Return the path with the ids of the world's rows in it; ``name`` is a page's."""
    ids = ids_for(name, world)
    return path.format(token="forged", section="need", act="extend", **FORMS.get(name, {}), **ids)
