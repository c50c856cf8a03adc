"""HTTP in, HTTP out."""

from fastapi import APIRouter

router = APIRouter(tags=["profiles"])
