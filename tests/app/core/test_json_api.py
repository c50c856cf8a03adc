"""The description of the API gives examples that the API itself would take."""

from collections import Counter
from collections.abc import Iterator

from fastapi.testclient import TestClient

from app.core.json_api import Body


def bodies(base: type[Body] = Body) -> Iterator[type[Body]]:
    """Yield every body there is."""
    for each in base.__subclasses__():
        yield each
        yield from bodies(each)


def test_every_example_is_taken_and_shown(client: TestClient) -> None:
    known = {body.__name__: body for body in bodies()}
    schemas = client.get("/api/v1/openapi.json").json()["components"]["schemas"]
    given = {name: each["examples"][0] for name, each in schemas.items() if "examples" in each}

    taken = {name: known[name].model_validate(example) for name, example in given.items()}

    assert {"NewChallenge", "Draft", "Deciding", "Scores", "SheetWritten"} <= taken.keys()
    assert given["NewChallenge"]["title"] in client.get("/api/shapes").text


def test_every_body_has_its_own_name_and_refuses_unknown_fields() -> None:
    names = Counter(body.__name__ for body in bodies())

    assert {name for name, count in names.items() if count > 1} == set()
    assert {body.model_config["extra"] for body in bodies()} == {"forbid"}
