//! TLS: the server speaks it with the certificate that it was given, and does not speak without it.

use std::io::{Read as _, Write as _};
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::harness::{Site, fixture};
use crate::serving::Served;

/// Asks whether the server is alive, over TLS, as one who trusts `roots`.
fn ask(served: &Served, roots: RootCertStore) -> std::io::Result<String> {
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, served.connect()?);
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut text = String::new();
    stream.read_to_string(&mut text)?;
    Ok(text)
}

#[test]
fn a_server_with_a_certificate_speaks_tls_and_nothing_else() {
    let site = Site::with_ledger();
    let (certificate, key) = (fixture("tls/cert.pem"), fixture("tls/key.pem"));
    let served = Served::start(&site, &["--tls-cert", &certificate, "--tls-key", &key]);
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(&certificate).unwrap()).unwrap();
    let answer = ask(&served, roots.clone()).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("{\"status\":\"ok\"}"), "{answer}");

    // Whoever does not trust the certificate sends nothing, and whoever sends in the clear is cut.
    let refused = ask(&served, RootCertStore::empty()).unwrap_err();
    assert!(refused.to_string().contains("invalid peer certificate"), "{refused}");
    assert!(served.ask("GET", "/healthz", "", "").is_err());
    assert!(ask(&served, roots).is_ok());
}

#[test]
fn files_that_hold_no_certificate_and_no_key_are_named() {
    let site = Site::with_ledger();
    let (certificate, key) = (fixture("tls/cert.pem"), fixture("tls/key.pem"));
    for (given, wrong) in [([&key, &key], &key), ([&certificate, &certificate], &certificate)] {
        let [certificate, key] = given;
        let refused = site.run(["serve", "--tls-cert", certificate, "--tls-key", key]).failed(1);
        assert!(refused.contains(&format!("could not use {wrong}")), "{refused}");
    }
}
