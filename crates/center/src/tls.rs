//! The site's own certificate authority and the server's certificate.
//!
//! Consoles pin the CA's public key from their enrolment code; the dates decide nothing, since
//! clocks are wrong on an intranet. They run from 1975 to 2100 so that no clock stands in the way.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::RootCertStore;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zaigang_sync::keys::ca_pin;

/// Certificates and keys as PEM.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The CA's certificate.
    pub ca: String,
    /// The CA's private key: needed only to make another server certificate.
    pub ca_key: String,
    /// The server's certificate, followed by the CA's.
    pub chain: String,
    /// The server's private key.
    pub key: String,
    /// What enrolment codes say of the CA.
    pub pin: String,
}

/// Why certificates could not be made or read.
#[derive(Debug, thiserror::Error)]
#[error("certificates: {0}")]
pub struct TlsError(String);

impl TlsError {
    fn of(error: impl std::fmt::Display) -> Self {
        Self(error.to_string())
    }
}

/// Makes a CA for the site and a server certificate for these DNS names and IP addresses.
///
/// # Errors
/// [`TlsError`] for a name that cannot stand in a certificate.
pub fn make(site: &str, names: &[String]) -> Result<Credentials, TlsError> {
    let ca_key = KeyPair::generate().map_err(TlsError::of)?;
    let mut ca = params(&format!("在岗 {site} CA"), &[])?;
    ca.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    let ca_cert = ca.self_signed(&ca_key).map_err(TlsError::of)?;
    let (ca_pem, ca_key_pem) = (ca_cert.pem(), ca_key.serialize_pem());
    let pin = pin_of(ca_cert.der())?;

    let key = KeyPair::generate().map_err(TlsError::of)?;
    let mut server = params(&format!("在岗 {site}"), names)?;
    server.use_authority_key_identifier_extension = true;
    server.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    server.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let cert = server.signed_by(&key, &Issuer::new(ca, ca_key)).map_err(TlsError::of)?;
    Ok(Credentials {
        chain: format!("{}{ca_pem}", cert.pem()),
        ca: ca_pem,
        ca_key: ca_key_pem,
        key: key.serialize_pem(),
        pin,
    })
}

fn params(common_name: &str, names: &[String]) -> Result<CertificateParams, TlsError> {
    let mut params = CertificateParams::new(names).map_err(TlsError::of)?;
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.not_before = date_time_ymd(1975, 1, 1);
    params.not_after = date_time_ymd(2100, 1, 1);
    Ok(params)
}

/// What enrolment codes say of a CA.
///
/// # Errors
/// [`TlsError`] when it is no CA certificate.
pub fn pin_of(ca: &CertificateDer<'_>) -> Result<String, TlsError> {
    let mut store = RootCertStore::empty();
    store.add(ca.clone()).map_err(TlsError::of)?;
    let anchor = store.roots.first().ok_or_else(|| TlsError("no CA certificate".into()))?;
    Ok(ca_pin(&anchor.subject_public_key_info))
}

/// The server's TLS set-up: TLS 1.2 and 1.3 by ring, no client certificates.
///
/// # Errors
/// [`TlsError`] when chain or key cannot be read or do not fit.
pub fn server_config(chain_pem: &str, key_pem: &str) -> Result<rustls::ServerConfig, TlsError> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(chain_pem.as_bytes())
        .collect::<Result<_, _>>()
        .map_err(|error| TlsError(format!("{error:?}")))?;
    let key =
        PrivateKeyDer::from_pem_slice(key_pem.as_bytes()).map_err(|error| TlsError(format!("{error:?}")))?;
    let provider = std::sync::Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(TlsError::of)?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(TlsError::of)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pin_is_that_of_the_served_chain() {
        let made = make("某市公安局", &["centre.local".into(), "10.0.0.5".into()]).unwrap();
        let chain: Vec<_> =
            CertificateDer::pem_slice_iter(made.chain.as_bytes()).collect::<Result<_, _>>().unwrap();
        assert_eq!(chain.len(), 2);
        assert_eq!(pin_of(&chain[1]).unwrap(), made.pin);
        assert_eq!(made.pin.len(), 32);
        server_config(&made.chain, &made.key).unwrap();
    }
}
