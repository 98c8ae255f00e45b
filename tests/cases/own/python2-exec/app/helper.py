"""a helper of the application"""
THINGS = ['a', 1, None]
def double(x): return x * 2
def half(x): return x / 2
_private = 1
