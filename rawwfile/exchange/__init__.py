"""What a handler holds: one request, its response, and the life of the two.

The bytes come and go through a `Channel`; which socket or thread stands behind it is not known here.
"""
