"""Every route of the API and of residents' and staff's pages says who may call it; no table leaves by one."""

from collections.abc import Iterator
from typing import Any, get_type_hints

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from sqlmodel import SQLModel
from starlette.routing import BaseRoute, Mount, Route

from operate.serving.front import create_api
from web_staff.app import create_app as create_staff_pages

AUDIENCES = {"everyone", "reporter", "field", "desk", "admin"}


def routes(of: Any) -> Iterator[RouteContext]:
    """Those of included routers too, with what these routers require."""
    for route in iter_route_contexts(of.routes):
        if isinstance(route.original_route, APIRoute):
            yield route


def audience(dependant: Dependant) -> set[str]:
    found = set(getattr(dependant.call, "audience", ()))
    for each in dependant.dependencies:
        found |= audience(each)
    return found


def named(app: Any) -> dict[str, RouteContext]:
    return {f"{'/'.join(sorted(route.methods))} {route.path}": route for route in routes(app)}


API_ROUTES = named(create_api())
ALL_ROUTES = API_ROUTES | named(create_staff_pages())


@pytest.mark.parametrize("route", ALL_ROUTES.values(), ids=ALL_ROUTES.keys())
def test_the_route_declares_who_may_call_it(route: RouteContext) -> None:
    declared = audience(route.dependant)
    assert declared, "no dependency with an audience: see api/audience.py"
    assert declared <= AUDIENCES


@pytest.mark.parametrize("route", API_ROUTES.values(), ids=API_ROUTES.keys())
def test_no_table_class_leaves_through_the_route(route: RouteContext) -> None:
    answer = get_type_hints(route.endpoint).get("return")
    tables = [
        each
        for each in (answer, *getattr(answer, "__args__", ()))
        if isinstance(each, type) and issubclass(each, SQLModel)
    ]
    assert not tables


def test_there_are_no_routes_that_the_walk_does_not_see() -> None:
    documentation = {"/openapi.json"}
    others: list[BaseRoute] = [
        route.original_route
        for route in iter_route_contexts(create_api().routes)
        if not isinstance(route.original_route, APIRoute | Mount)
    ]
    assert {route.path for route in others if isinstance(route, Route)} == documentation
    assert API_ROUTES
