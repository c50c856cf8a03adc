"""What a server says of a request is read from its log while it writes on."""

from pathlib import Path

from scripts.measured_server import MeasuredServer


def test_a_line_that_is_half_written_is_read_when_it_is_whole(tmp_path: Path) -> None:
    log = tmp_path / "log"
    server = MeasuredServer("http://127.0.0.1:1", 0, log)
    log.write_text('{"request_id": "first", "n_sql": 3}\n{"request_id": "second", ')

    first = server.said_of("first")
    with log.open("a") as file:
        file.write('"n_sql": 5}\n')

    assert first["n_sql"] == 3
    assert server.said_of("second")["n_sql"] == 5
