"""HTTP in, HTTP out: accounts, and the tokens of programs that act for people."""

from fastapi import APIRouter

from app.accounts.routes import (
    account,
    addresses,
    provider_sign_out,
    providers,
    second_factor,
    sessions,
    sign_up,
    tokens,
)

router = APIRouter(tags=["accounts"])
for part in (
    sign_up,
    account,
    providers,
    provider_sign_out,
    sessions,
    second_factor,
    addresses,
    tokens,
):
    router.routes.extend(part.router.routes)
