"""HTTP in, HTTP out: accounts, and the tokens of programs that act for people."""

from fastapi import APIRouter

from app.accounts.routes import account, addresses, second_factor, tokens

router = APIRouter(tags=["accounts"])
for part in (account, second_factor, addresses, tokens):
    router.include_router(part.router)
