"""Drawn pictures: the same for a seed, and different once repaired."""

import pytest

from operate.drawing import SCENES, draw


@pytest.mark.parametrize("kind", SCENES)
def test_a_scene_is_drawn_the_same_each_time_so_that_a_photo_can_be_sent_twice(kind):
    picture = draw(kind, "a street")
    assert picture.size == (1600, 1200)
    assert picture.tobytes() == draw(kind, "a street").tobytes()


@pytest.mark.parametrize("kind", sorted(SCENES.keys() - {"cleanup"}))
def test_a_repaired_scene_shows_the_repair(kind):
    assert draw(kind, "a street").tobytes() != draw(kind, "a street", is_repaired=True).tobytes()
