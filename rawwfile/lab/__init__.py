"""The course: labs that a student works through, and the check that reads what crossed the socket."""
