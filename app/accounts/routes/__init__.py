"""HTTP in, HTTP out: accounts, and the tokens of programs that act for people."""

from fastapi import APIRouter

from app.accounts.routes import account, tokens

router = APIRouter(tags=["accounts"])
for part in (account, tokens):
    router.include_router(part.router)
