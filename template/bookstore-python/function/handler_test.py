"""Run it where the folder `template` is: python -m pytest <this folder>"""


def test_the_body_comes_back(call):
    answer = call(data="hello")
    assert answer.status_code == 200
    assert answer.text == "hello"
