"""What comes out of the store is what went in, or it is not used."""

import hashlib

import pytest

from nerirepo.gateways import storage

WHOLE = b"a picture of a hole in the road"


@pytest.mark.usefixtures("storage")
def test_half_of_an_object_is_not_taken_for_the_whole() -> None:
    bucket, sha256 = storage.private_bucket(), hashlib.sha256(WHOLE).hexdigest()
    storage.put(bucket, "photo/original", WHOLE, "image/jpeg")
    assert storage.get(bucket, "photo/original", sha256) == WHOLE
    storage.put(bucket, "photo/original", WHOLE[: len(WHOLE) // 2], "image/jpeg")
    with pytest.raises(storage.ObjectDamaged):
        storage.get(bucket, "photo/original", sha256)
