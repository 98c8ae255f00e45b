"""The metadata of rawwfile; pyproject.toml names the build system and holds the settings of tools."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).resolve().parent
VERSION = re.search(r'^VERSION = "(.+)"$', (HERE / "rawwfile" / "settings.py").read_text("utf-8"), re.MULTILINE)[1]

FRAMEWORKS = [
    "CherryPy>=18.10,<19",
    "TurboGears2>=2.5,<2.6",
    "Flask>=3.1,<3.2",
    "starlette>=1.7",
    "SQLAlchemy>=2",
    "Jinja2>=3",
]
HOSTS = ["cheroot>=11", "waitress>=3", "gunicorn>=23"]
CPY = ["fissix>=24.4"]
LINT = ["httplint>=2026.10"]
OTHER_PARSERS = ["h11>=0.14", "httptools>=0.6"]

EXTRAS = {
    "tls": ["trustme>=1.1"],
    "cpy": CPY,
    "lint": LINT,
    "test": [
        "pytest>=7",
        "hypothesis>=6",
        "trustme>=1.1",
        "selenium>=4.30",
        "ruff>=0.9",
        "axe-core-python>=0.1",
        "websocket-client>=1.8",
        *CPY,
        *LINT,
        *OTHER_PARSERS,
        *FRAMEWORKS,
        *HOSTS,
    ],
    "bench": HOSTS,
}

setup(
    name="rawwfile",
    version=VERSION,
    description="A threaded HTTP/1.1 server whose handlers may write the whole response by hand",
    long_description=(HERE / "README.txt").read_text("utf-8"),
    long_description_content_type="text/plain",
    author="the rawwfile authors",
    license="MIT",
    license_files=["LICENSE"],
    keywords="http server wsgi socketserver streaming wfile cherrypy",
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Environment :: Web Environment",
        "Intended Audience :: Developers",
        "Intended Audience :: Education",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3 :: Only",
        "Programming Language :: Python :: 3.10",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Topic :: Internet :: WWW/HTTP :: HTTP Servers",
        "Topic :: Internet :: WWW/HTTP :: WSGI :: Server",
        "Typing :: Typed",
    ],
    python_requires=">=3.10",
    # The examples stay at the top of a checkout and become rawwfile/legacy_examples where it is installed.
    packages=[*find_packages(include=["rawwfile", "rawwfile.*"]), "rawwfile.legacy_examples"],
    package_dir={"rawwfile.legacy_examples": "legacy_examples"},
    package_data={
        "rawwfile": ["py.typed"],
        "rawwfile.cherrypy.lib": ["*.cpy"],
        "rawwfile.cli": ["topics/*.txt"],
        "rawwfile.glass": ["assets/*"],
        "rawwfile.lab": ["labs/*/*"],
        "rawwfile.legacy_examples": ["*.cpy"],
        "rawwfile.streaming.longpoll": ["*.js"],
    },
    install_requires=[],
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["rawwfile = rawwfile.cli.main:main"]},
    zip_safe=False,
)
