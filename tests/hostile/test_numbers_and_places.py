"""Whatever number is said for a place or a length: it is one that makes sense, or it is refused."""

import json
import math

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from nerirepo.base.ids import uuid7
from tests.factories import Person, a_member, a_reporter, a_submission

POLES_AND_EDGES = (-180.0, -179.999999, -90.0, -0.0, 0.0, 5e-324, 35.7356, 89.9999999, 90.0, 139.6522, 180.0)
BEYOND = (90.0000001, -90.1, 180.0000001, -1e308, 1e308)

finite = st.floats(allow_nan=False, allow_infinity=False)
degrees = st.one_of(st.sampled_from((*POLES_AND_EDGES, *BEYOND)), finite)
around_the_ward = st.tuples(st.floats(35.69, 35.79), st.floats(139.55, 139.69))
words_for_a_number = st.one_of(
    degrees.map(json.dumps),
    st.integers().map(str),
    st.sampled_from(("NaN", "Infinity", "-Infinity", "1e999", "true", '"35.7"', "null", "[]", "1" * 400)),
)
many = settings(max_examples=60, suppress_health_check=list(HealthCheck), database=None)


@pytest.fixture
def hanako(database: object) -> Person:
    return a_reporter()


@many
@given(lat=degrees, lon=degrees)
@example(lat=90.0, lon=180.0)
@example(lat=-90.0, lon=-180.0)
@example(lat=0.0, lon=180.0)
@example(lat=5e-324, lon=5e-324)
def test_any_place_on_earth_is_looked_up_or_refused(client: TestClient, lat: float, lon: float) -> None:
    answer = client.get("/v1/places/lookup", params={"lat": lat, "lon": lon, "category": "road.pothole"})
    assert answer.status_code in (200, 422)
    if answer.status_code == 200:
        assert abs(lat) <= 90
        assert abs(lon) <= 180


@many
@given(place=around_the_ward)
def test_around_the_ward_somebody_is_always_responsible(
    client: TestClient, place: tuple[float, float]
) -> None:
    lat, lon = place
    found = client.get(
        "/v1/places/lookup", params={"lat": lat, "lon": lon, "category": "road.pothole"}
    ).json()
    if found["inside"]:
        assert found["neighbour"] is None
        assert found["town"]
        assert found["responsible"]["name"]
        assert found["responsible"]["reason"]
    elif not found["border"]:
        assert found["town"] is None


@many
@given(lat=words_for_a_number, lon=words_for_a_number, accuracy=words_for_a_number)
def test_a_report_is_nowhere_but_where_a_number_says(
    client: TestClient, hanako: Person, lat: str, lon: str, accuracy: str
) -> None:
    body = json.dumps(a_submission()).replace('"lat": 35.7356', f'"lat": {lat}')
    body = body.replace('"lon": 139.6522', f'"lon": {lon}')
    body = body.replace('"accuracy_m": 8.0', f'"accuracy_m": {accuracy}')
    answer = client.put(
        f"/v1/reports/{uuid7()}",
        headers=hanako.headers | {"Content-Type": "application/json"},
        content=body,
    )
    assert answer.status_code in (201, 422, 429), answer.text
    if answer.status_code == 201:
        assert math.isfinite(float(lat))
        assert math.isfinite(float(lon))


@many
@given(number=words_for_a_number)
def test_a_length_is_a_length(client: TestClient, hanako: Person, number: str) -> None:
    body = f'{{"sha256": "{"0" * 64}", "bytes": {number}, "content_type": "image/jpeg"}}'
    answer = client.put(
        f"/v1/photos/{uuid7()}",
        headers=hanako.headers | {"Content-Type": "application/json"},
        content=body,
    )
    assert answer.status_code in (200, 422, 429), answer.text
    if answer.status_code == 200:
        assert 0 < int(number) <= 20_000_000


@pytest.mark.parametrize(
    "near", ["90,180", "-90,-180", "0,180,100000", "35.7356,139.6522,0", "1e-320,5e-324"]
)
def test_the_worklist_is_sorted_from_wherever_somebody_stands(client: TestClient, near: str) -> None:
    answer = client.get(f"/staff/reports?sort=distance&near={near}", headers=a_member().headers)
    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize(
    "near", ["91,0", "0,181", "nan,0", "inf,0", "1e400,0", "0,0,-1", "0,0,nan", "1", "a,b"]
)
def test_the_worklist_has_no_distance_from_nowhere(client: TestClient, near: str) -> None:
    answer = client.get(f"/staff/reports?near={near}", headers=a_member().headers)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "near")


@pytest.mark.parametrize("box", ["-180,-90,180,90", "139.6,35.7,139.6,35.7"])
def test_any_part_of_the_map_may_be_asked_for(client: TestClient, box: str) -> None:
    answer = client.get(f"/v1/public/reports?bbox={box}")
    assert answer.status_code in (200, 422), answer.text
