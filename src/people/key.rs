//! A secret key, what is sealed with it, and where random bytes come from.

use std::fmt;

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::error::Error;

/// Bytes of a key.
pub(super) const KEY_BYTES: usize = 32;
/// Bytes of a nonce of XChaCha20-Poly1305: random ones may be used without counting them.
pub(super) const NONCE_BYTES: usize = 24;
/// Bytes that sealing adds to a text.
pub(super) const TAG_BYTES: usize = 16;

/// 32 secret bytes, wiped from memory when dropped, never printed.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Key(Zeroizing<[u8; KEY_BYTES]>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}

impl Key {
    pub(super) fn new(bytes: [u8; KEY_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    pub(super) fn random(randomness: &Randomness) -> Result<Self, Error> {
        let mut key = Self::new([0; KEY_BYTES]);
        randomness.fill(key.0.as_mut_slice())?;
        Ok(key)
    }

    pub(super) fn bytes(&self) -> &[u8; KEY_BYTES] {
        &self.0
    }

    /// Seals `clear`; `bound` is not stored, but must be given again to open.
    ///
    /// # Errors
    /// [`Error::TooLong`], beyond the 256 GiB of the cipher.
    pub(super) fn seal(
        &self,
        nonce: [u8; NONCE_BYTES],
        bound: &[u8],
        clear: &[u8],
    ) -> Result<Vec<u8>, Error> {
        let payload = Payload { msg: clear, aad: bound };
        self.cipher().encrypt(&XNonce::from(nonce), payload).map_err(|_| Error::TooLong)
    }

    /// Opens what [`Key::seal`] made; `None` when the bytes, the nonce, `bound` or the key differ.
    pub(super) fn open(
        &self,
        nonce: [u8; NONCE_BYTES],
        bound: &[u8],
        sealed: &[u8],
    ) -> Option<Zeroizing<Vec<u8>>> {
        let payload = Payload { msg: sealed, aad: bound };
        self.cipher().decrypt(&XNonce::from(nonce), payload).ok().map(Zeroizing::new)
    }

    /// The first 16 bytes of HMAC-SHA256 over the parts.
    #[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
    pub(super) fn digest<'a>(&self, parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 16] {
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.bytes()).expect("a key of 32 bytes");
        for part in parts {
            mac.update(part);
        }
        first(&mac.finalize().into_bytes())
    }

    /// A public name of the key, by which a file says which key it needs.
    pub(super) fn id(&self) -> [u8; 8] {
        first(&Sha256::new().chain_update(b"guanxi wrapping key id").chain_update(*self.0).finalize())
    }

    fn cipher(&self) -> XChaCha20Poly1305 {
        XChaCha20Poly1305::new(&(*self.0).into())
    }
}

/// The first `N` bytes; zeros stand for those that are missing.
fn first<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut first = [0; N];
    for (to, from) in first.iter_mut().zip(bytes) {
        *to = *from;
    }
    first
}

/// Where random bytes come from: the system, except in tests of the format, which need the same ones again.
pub(super) enum Randomness {
    System,
    #[cfg(test)]
    Counted(std::sync::atomic::AtomicU64),
}

impl fmt::Debug for Randomness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Randomness")
    }
}

impl Randomness {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`Error::Randomness`] when the system has none to give.
    pub(super) fn fill(&self, bytes: &mut [u8]) -> Result<(), Error> {
        match self {
            Self::System => getrandom::fill(bytes).map_err(Error::Randomness),
            #[cfg(test)]
            Self::Counted(calls) => {
                let call = calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                for (place, byte) in (0_u64..).zip(bytes) {
                    *byte =
                        first::<1>(&Sha256::digest([call.to_le_bytes(), place.to_le_bytes()].concat()))[0];
                }
                Ok(())
            }
        }
    }

    pub(super) fn bytes<const N: usize>(&self) -> Result<[u8; N], Error> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }
}
