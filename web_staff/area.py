"""Below which path are we: at the desk or with the crew? Both see the same pages; links stay below it."""

from fastapi import Request

from nerirepo.staff.roles import Role

AREAS = ("desk", "crew")
HOME = {Role.FIELD: "/crew", Role.DESK: "/desk", Role.ADMIN: "/desk"}


def area_of(request: Request) -> str:
    """`/desk` or `/crew`."""
    return "/" + request.scope["path"].split("/", 2)[1]
