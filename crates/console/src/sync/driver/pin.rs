//! Knows the centre by the pinned key of the site's CA, and by nothing else.
//!
//! The chain presented must contain the CA whose public key has the pinned hash
//! ([`zaigang_sync::keys::ca_pin`]), and the centre's certificate must be signed by it. Left out on
//! purpose: dates, for clocks are wrong there (SYNC design 23); names and addresses, for that CA signs
//! nothing but the centre's own certificate, and a site renumbers its network without asking us;
//! revocation, for a lost CA key means enrolling anew.

use std::sync::Arc;
use std::time::Duration;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::verify_server_cert_signed_by_trust_anchor;
use rustls::crypto::{CryptoProvider, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, Error, RootCertStore, SignatureScheme};
use zaigang_sync::keys::ca_pin;

/// Most certificates of a chain looked at: the centre sends its own and the CA's.
const CHAIN_MAX: usize = 4;

/// TLS that trusts the CA with this pin and no other.
pub(super) fn tls(pin: &str) -> Result<ClientConfig, Error> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = Arc::new(PinnedCa { pin: pin.to_ascii_lowercase(), provider: Arc::clone(&provider) });
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth())
}

#[derive(Debug)]
struct PinnedCa {
    pin: String,
    provider: Arc<CryptoProvider>,
}

impl PinnedCa {
    /// The presented certificate whose key has the pinned hash, as the one root.
    fn root(&self, presented: &[CertificateDer<'_>]) -> Result<RootCertStore, Error> {
        for certificate in presented.iter().take(CHAIN_MAX) {
            let mut roots = RootCertStore::empty();
            if roots.add(certificate.clone().into_owned()).is_err() {
                continue;
            }
            if roots.roots.iter().all(|root| ca_pin(&root.subject_public_key_info) == self.pin) {
                return Ok(roots);
            }
        }
        Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))
    }
}

impl ServerCertVerifier for PinnedCa {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let roots = self.root(intermediates)?;
        let certificate = ParsedCertificate::try_from(end_entity)?;
        let algorithms = self.provider.signature_verification_algorithms.all;
        // Verified as of the first moment of its own validity, which the verifier itself tells: the
        // path may have one date for each certificate.
        let mut time = UnixTime::since_unix_epoch(Duration::ZERO);
        for _ in 0..=CHAIN_MAX {
            match verify_server_cert_signed_by_trust_anchor(
                &certificate,
                &roots,
                intermediates,
                time,
                algorithms,
            ) {
                Err(Error::InvalidCertificate(CertificateError::NotValidYetContext {
                    not_before, ..
                })) if not_before > time => {
                    time = not_before;
                }
                done => return done.map(|()| ServerCertVerified::assertion()),
            }
        }
        Err(Error::InvalidCertificate(CertificateError::UnknownIssuer))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, certificate, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, certificate, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}
