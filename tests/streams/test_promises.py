"""What the streaming contract's feature table (section 11) promises, row by row, and the tests that hold it.

A row without a test must say why. The tests named here are run with all others; this one sees that
each of them exists.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

TESTS = Path(__file__).parent.parent

LIFE, PRESENCE = "streams/test_life.py", "streams/test_presence.py"
WSGI, LENGTHS, LIMITS, EXTRAS = (
    f"integration/test_wsgi_{name}.py" for name in ("streams", "lengths", "limits", "extras")
)
POLL, SSE, SEEDS = "integration/test_longpoll.py", "integration/test_sse.py", "integration/test_seeds.py"
DATABASES, LEAKS = "integration/test_databases.py", "integration/test_database_leaks.py"
TABLE = "integration/test_raw_table.py"

ROWS = {
    "raw response writing by the handler": [
        f"{TABLE}::test_table",
        f"{EXTRAS}::test_a_response_written_by_hand_goes_out_as_it_is",
    ],
    "nothing added after raw bytes, also on error": [
        f"{TABLE}::test_table",
        f"{EXTRAS}::test_an_error_after_bytes_written_by_hand_adds_nothing",
    ],
    "return str/bytes/list/file/generator": [
        "unit/test_returned.py",
        f"{LIFE}::test_what_cannot_be_sent_is_an_error_page_that_names_it",
        f"{LIFE}::test_what_must_be_done_before_the_end_decides_whether_it_is_complete",
    ],
    "str in generator encoded incrementally": [
        f"{LIFE}::test_text_is_encoded_incrementally",
        f"{LIFE}::test_pieces_of_a_stateful_charset_end_as_they_must",
    ],
    "stream on/off per handler": [
        f"{SEEDS}::test_cherrypy_streams_what_is_configured_to",
        f"{SEEDS}::test_cherrypy_collects_what_is_not",
        f"{SEEDS}::test_cherrypy_class_and_application_defaults",
    ],
    "HTTPError / headers until first byte in a yielding handler": [
        f"{LIFE}::test_a_generator_function_may_set_the_head_until_its_first_piece",
        f"{LIFE}::test_an_error_before_the_first_piece_is_an_error_page",
    ],
    "each chunk delivered before the next is made": [
        f"{LIFE}::test_each_piece_is_at_the_client_before_the_next_is_made",
        f"{WSGI}::test_1_each_chunk_is_there_before_the_next_is_made",
    ],
    "coalescing with a time bound": [
        f"{LIFE}::test_pieces_are_collected_up_to_a_size_or_a_mark",
        f"{LIFE}::test_what_waits_goes_out_in_time_while_the_handler_is_blocked",
    ],
    "no Nagle pause between small chunks": [
        f"{PRESENCE}::test_the_kernel_looks_after_small_pieces_and_vanished_peers"
    ],
    "error before first chunk -> clean 500": [f"{LIFE}::test_an_error_before_the_first_piece_is_an_error_page"],
    "status/headers frozen loudly": [f"{LIFE}::test_a_generator_function_may_set_the_head_until_its_first_piece"],
    "mid-stream error visible, chunked": [f"{LIFE}::test_an_error_after_the_first_piece_is_a_visible_cut"],
    "mid-stream error visible, HTTP/1.0 (RST)": [f"{LIFE}::test_an_error_after_the_first_piece_is_a_visible_cut"],
    "no error text inside the body": [f"{LIFE}::test_an_error_after_the_first_piece_is_a_visible_cut"],
    "complete => generator finished and committed": [
        f"{LIFE}::test_what_must_be_done_before_the_end_decides_whether_it_is_complete",
        f"{DATABASES}::test_when_the_client_sees_the_end_it_is_committed",
        f"{DATABASES}::test_a_commit_that_fails_is_a_cut",
    ],
    "end of body not held back by close()": [f"{LIFE}::test_the_end_does_not_wait_for_close"],
    "error in close() harmless for the client": [f"{LIFE}::test_an_error_in_close_harms_nobody"],
    "close() on disconnect at the next yield": [f"{PRESENCE}::test_a_generator_is_closed_at_the_next_yield"],
    'disconnect seen through b"" yields': [
        f"{PRESENCE}::test_a_generator_is_closed_at_the_next_yield",
        f"{EXTRAS}::test_a_generator_that_yields_nothing_is_stopped_when_the_client_leaves",
    ],
    "client_disconnected()": [
        f"{PRESENCE}::test_a_handler_can_ask_and_is_told",
        f"{EXTRAS}::test_the_application_can_ask_whether_the_client_is_there",
    ],
    "on_disconnect callback while blocked": [f"{PRESENCE}::test_a_handler_can_ask_and_is_told"],
    "interruptible waits for sync code": [
        f"{PRESENCE}::test_every_wait_ends_with_the_client_and_with_the_server",
        f"{PRESENCE}::test_waits_give_what_they_wait_for",
    ],
    "half-closed client served whole": [
        f"{PRESENCE}::test_a_client_that_has_only_ended_its_sending_is_served_whole",
        "integration/test_keep_alive.py::test_a_client_that_has_ended_its_sending_gets_all_responses",
    ],
    "vanished peer (no FIN) found": [f"{PRESENCE}::test_the_kernel_looks_after_small_pieces_and_vanished_peers"],
    "stalled reader released": [f"{PRESENCE}::test_a_reader_that_stands_still_holds_no_memory_and_is_given_up"],
    "memory bounded for slow reader": [
        f"{PRESENCE}::test_a_reader_that_stands_still_holds_no_memory_and_is_given_up",
        f"{LIMITS}::test_16_no_chunk_is_made_for_a_client_that_does_not_read",
    ],
    "HEAD/early close: generator started once, then closed": [
        f"{LIFE}::test_head_primes_and_closes_once",
        f"{WSGI}::test_4_close_is_called_when_the_client_leaves_before_the_first_chunk",
    ],
    "HEAD: no body bytes, whatever the app yields": [
        f"{LIFE}::test_head_primes_and_closes_once",
        f"{LENGTHS}::test_5_head_with_write_starts_the_iterable_and_sends_nothing",
    ],
    "HEAD ends an endless generator": [
        f"{LIFE}::test_head_ends_an_endless_generator_that_runs_its_clean_up",
        f"{LENGTHS}::test_5_head_ends_an_endless_body_and_keeps_the_connection",
    ],
    "HTTP/1.0 framing right": [
        f"{LIFE}::test_http_1_0_gets_no_chunks_and_the_end_by_closing",
        f"{LENGTHS}::test_8_http_1_0_gets_no_coding_and_the_end_of_the_connection",
    ],
    "keep-alive after a stream": [f"{LIFE}::test_each_piece_is_at_the_client_before_the_next_is_made"],
    "wrong Content-Length contained": [
        f"{LIFE}::test_a_false_content_length_is_contained",
        f"{LIMITS}::test_10_too_many_bytes_are_cut_at_the_length",
        f"{LIMITS}::test_10_too_few_bytes_end_the_connection",
    ],
    "app-set Transfer-Encoding harmless": [
        f"{LIMITS}::test_9_hop_by_hop_fields_are_left_out_with_a_warning_and_nothing_is_framed_twice"
    ],
    "wsgi.file_wrapper / sendfile": [
        f"{LIMITS}::test_12_a_file_on_disk_is_sent_from_where_it_stands_up_to_the_length",
        f"{LIMITS}::test_12_the_file_is_closed_when_the_client_leaves",
    ],
    "context in generator without wrapper": [
        f"{LIFE}::test_one_context_from_call_to_hooks_and_none_of_it_later",
        f"{SEEDS}::test_flask_request_inside_the_generator",
    ],
    "context never leaks to next request": [
        f"{LIFE}::test_one_context_from_call_to_hooks_and_none_of_it_later",
        "integration/test_server.py::test_nothing_leaks_into_the_next_request_of_the_thread",
    ],
    "one thread for call, iteration, close": [
        f"{LIFE}::test_each_piece_is_at_the_client_before_the_next_is_made",
        "streams/test_asynchronous.py::test_an_async_generator_is_a_body",
    ],
    "end hooks after the stream, also on disconnect": [
        f"{LIFE}::test_hooks_run_last_in_first_out_each_for_itself",
        f"{EXTRAS}::test_end_hooks_run_after_close_the_last_first",
        f"{DATABASES}::test_a_client_that_leaves_while_the_handler_waits",
    ],
    "session lock not held while streaming": [
        "cherrypy/test_session_streams.py::test_no_lock_of_a_session_is_held_while_its_page_is_streamed"
    ],
    "DB connection back after disconnect": [f"{LEAKS}::test_200_streams_that_were_broken_off_leave_nothing"],
    "rollback on disconnect, commit on end": [
        f"{DATABASES}::test_a_client_that_leaves_while_the_handler_waits",
        f"{DATABASES}::test_when_the_client_sees_the_end_it_is_committed",
        "unit/test_commit_on_completion.py",
    ],
    "long poll from generator": [
        f"{POLL}::test_the_prime_numbers_of_the_article",
        "unit/test_longpoll_published.py",
    ],
    "keys bound to the session, server-made keys": [
        "unit/test_longpoll_wishes.py::test_without_a_key_the_server_makes_one_and_tells_it_once",
        "unit/test_longpoll_wishes.py::test_with_sessions_nobody_drains_the_stream_of_another",
    ],
    "TTL, max streams, byte bound, reaper": [
        "unit/test_longpoll_registry.py",
        f"{POLL}::test_the_reaper_closes_what_nobody_asks_for",
    ],
    "overlap handled (wait/reject/supersede)": [
        "unit/test_longpoll_overlap.py",
        f"{POLL}::test_two_polls_at_once_get_two_items",
    ],
    "lost answer repeated (seq/ack)": [
        "unit/test_longpoll_answers.py",
        f"{POLL}::test_a_large_answer_that_is_not_taken_is_repeated",
    ],
    "done remembered, no silent restart": ["unit/test_longpoll_answers.py::test_done_is_remembered_for_ttl"],
    "accumulate / deque / batch / metadata": ["unit/test_longpoll_waits.py"],
    "background producer with backpressure": ["unit/test_longpoll_background.py"],
    "SSE encoder, replay ring, Last-Event-ID": [
        f"{SSE}::test_a_client_that_is_lost_comes_back_and_misses_nothing",
        f"{SSE}::test_a_client_from_before_the_memory_is_told_to_reset",
    ],
    "heartbeat while the handler is blocked": [
        f"{PRESENCE}::test_a_heartbeat_goes_out_while_the_handler_is_blocked",
        f"{SSE}::test_a_heartbeat_is_sent_while_the_handler_waits",
    ],
    "proxy hints (X-Accel-Buffering) by default": ["unit/test_sse.py"],
    "trailers on HTTP/1.1": [
        f"{LIFE}::test_trailers_go_to_clients_that_take_them",
        f"{EXTRAS}::test_trailers_are_sent_in_chunks_to_who_takes_them",
    ],
    "async generators": [
        "streams/test_asynchronous.py::test_an_async_generator_is_a_body",
        "streams/test_asynchronous.py::test_one_that_is_blocked_ends_with_its_client",
    ],
    "40 streams do not starve short requests": [f"{PRESENCE}::test_streams_do_not_starve_short_requests"],
    "orderly end of streams at SIGTERM": [
        f"{PRESENCE}::test_streams_get_the_grace_and_are_closed_before_it_is_over",
        f"{WSGI}::test_4_close_is_called_at_shutdown",
        f"{SSE}::test_at_shutdown_a_stream_that_waits_ends_cleanly_with_advice",
    ],
    "reason of the end in the access log": [
        f"{PRESENCE}::test_streams_get_the_grace_and_are_closed_before_it_is_over",
        "unit/test_accesslog.py",
    ],
}
"""Row of the table: the tests that hold it, as FILE or FILE::TEST; or why it is not held."""


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_its_tests(row: str) -> None:
    proofs = ROWS[row]
    if isinstance(proofs, str):
        assert proofs.startswith("not applicable yet: ")
        return
    assert proofs
    for proof in proofs:
        name, _, test = proof.partition("::")
        tree = ast.parse((TESTS / name).read_text("utf-8"))
        tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"}
        assert test in tests if test else tests, proof
