"""Where a URL leads, and a manager behind TLS."""

import os
import shutil
import ssl
import subprocess
import unittest

from polyphase import EnvironmentVariableError
from polyphase.connection import Endpoint

from .trials import TrialTestCase

LOOP = """
    import polyphase
    for parameters in polyphase.phases():
        polyphase.report_final_result(parameters["x"])
"""


class Endpoints(unittest.TestCase):
    def test_urls_are_taken_apart(self):
        cases = {
            "http://127.0.0.1:8080": ("127.0.0.1", 8080, False, "127.0.0.1:8080", ""),
            "https://host.example": ("host.example", 443, True, "host.example", ""),
            "http://host/": ("host", 80, False, "host", ""),
            "http://[::1]:99/a/b/": ("::1", 99, False, "[::1]:99", "/a/b"),
            "http://[fe80::1]": ("fe80::1", 80, False, "[fe80::1]", ""),
        }
        for url, expected in cases.items():
            with self.subTest(url):
                endpoint = Endpoint(url)
                parts = (endpoint.host, endpoint.port, endpoint.secure, endpoint.authority, endpoint.base)
                self.assertEqual(parts, expected)

    def test_what_is_no_url_is_refused(self):
        for url in ("", "host:80", "ftp://host", "http://", "http://:80", "http://host:port", "http:///path"):
            with self.subTest(url), self.assertRaises(EnvironmentVariableError):
                Endpoint(url)


@unittest.skipUnless(shutil.which("openssl"), "needs the openssl command to make a certificate")
class Tls(TrialTestCase):
    def manage_behind_tls(self, folder):
        key, certificate = os.path.join(folder, "key.pem"), os.path.join(folder, "certificate.pem")
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=manager"]
            + ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate],
            check=True,
            stderr=subprocess.DEVNULL,
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return self.manage({"x": 1}, {"x": 2}, tls=context), certificate

    def test_a_manager_behind_tls_is_served_over_one_connection(self):
        manager, certificate = self.manage_behind_tls(self.temporary_folder())
        self.run_well(LOOP, manager, SSL_CERT_FILE=certificate)
        self.assertEqual(manager.finals, {0: 1, 1: 2})
        self.assertEqual(len({request.client_port for request in manager.requests}), 1)

    def test_a_certificate_that_cannot_be_trusted_is_an_error_at_once(self):
        manager, _ = self.manage_behind_tls(self.temporary_folder())
        finished = self.run_trial(LOOP, manager)
        self.assertEqual(finished.code, 1)
        self.assertIn("SSL_CERT_FILE", finished.stderr)
        self.assertEqual(manager.requests, [])
