"""``deploy/nginx.conf`` as it is shipped, run by a real nginx in front of the program.

Only what the file itself says to replace is replaced: the certificates, the secret, and the ports,
of which a test has its own.
"""

import asyncio
import os
import shutil
import socket
import ssl
from asyncio.subprocess import PIPE, STDOUT, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from slack_program import ROOT

HOST = "trivsel.example.org"
SECRET = "a-secret-of-the-proxy-alone"
CONF = (ROOT / "deploy" / "nginx.conf").read_text()
AROUND = """
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


def required() -> str:
    """Return nginx's path. Where there is none, the test is skipped; in CI it fails."""
    found = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("no nginx found")
        pytest.skip("no nginx found: install it to try deploy/nginx.conf")
    return found


def without_header_lines(conf: str) -> str:
    """Take out what ``sign_in = "link"`` needs none of: both of oauth2, and the marked lines."""
    kept = [line for line in conf.splitlines() if not line.endswith("# header")]
    return without("location = /oauth2/auth", without("location /oauth2/", "\n".join(kept)))


def without_pages(conf: str) -> str:
    """Take out what ``sign_in = "none"`` needs none of: the pages, and both of oauth2."""
    return without("location /", without_header_lines(conf))


def without(location: str, conf: str) -> str:
    before, found, rest = conf.partition(f"    {location} {{\n")
    assert found, location
    return before + rest.partition("\n    }\n")[2]


@asynccontextmanager
async def proxied(
    folder: Path, bot_port: int, sign_in: str = "http://127.0.0.1:9", conf: str = CONF
) -> AsyncIterator[httpx.AsyncClient]:
    """Run the proxy; yield a browser that comes to it by the name in the file."""
    folder.mkdir()
    port = _free_port()
    _certificate(folder)
    for told, used in (
        ("listen 443 ssl;", f"listen 127.0.0.1:{port} ssl;"),
        (f"/etc/ssl/{HOST}.pem", f"{folder}/it.pem"),
        (f"/etc/ssl/private/{HOST}.key", f"{folder}/it.key"),
        ("http://127.0.0.1:8710", f"http://127.0.0.1:{bot_port}"),
        ("http://127.0.0.1:4180", sign_in),
        ("replace-this-with-the-secret", SECRET),
    ):
        conf = conf.replace(told, used)
    (folder / "site.conf").write_text(conf)
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder))
    process = await asyncio.create_subprocess_exec(
        required(), "-p", str(folder), "-c", str(folder / "nginx.conf"), stdout=PIPE, stderr=STDOUT
    )
    try:
        await _listens(port, process)
        trusted = ssl.create_default_context(cafile=str(folder / "it.pem"))
        async with httpx.AsyncClient(
            base_url=f"https://localhost:{port}", verify=trusted, headers={"Host": HOST}, timeout=30
        ) as browser:
            yield browser
    finally:
        process.terminate()
        said, _ = await process.communicate()
        assert b"[emerg]" not in said, said.decode()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


async def _listens(port: int, process: Process) -> None:
    async with asyncio.timeout(10):
        while True:
            assert process.returncode is None, (await process.communicate())[0].decode()
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.02)
            else:
                writer.close()
                await writer.wait_closed()
                return


def _certificate(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    (folder / "it.pem").write_bytes(made.public_bytes(serialization.Encoding.PEM))
    (folder / "it.key").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
