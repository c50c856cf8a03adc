"""A cluster, its challenge and its curator's browser."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.challenges.models import Challenge
from app.organisations.models import Organisation
from tests.factories.challenges import make_challenge
from tests.factories.people import make_cluster, make_member, make_user


@pytest.fixture
def cluster(session: Session) -> Organisation:
    return make_cluster(name="Maritime Cluster")


@pytest.fixture
def challenge(cluster: Organisation) -> Challenge:
    return make_challenge(curating_cluster=cluster)


@pytest.fixture
def curator(cluster: Organisation, sign_in: Callable[[User], TestClient]) -> TestClient:
    return sign_in(make_member(cluster, user=make_user(name="Cora Curator")))
