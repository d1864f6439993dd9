"""Lists and searches: which books fit, in which order, page by page.

A page begins behind the last book of the page before it, wherever that stands by now, so books added meanwhile shift
nothing and a later page costs no more than an early one.
"""
