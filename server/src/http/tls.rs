//! TLS in the binary itself, for installations without a proxy in front: rustls between the socket and the routes.
use crate::settings::TlsFiles;
use anyhow::Context;
use axum::serve::Listener;
use std::{io, net::SocketAddr, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    },
    server::TlsStream,
};

/// How many connections may be agreeing on keys at once; further ones wait in the system's queue.
const HANDSHAKES_MAX: usize = 256;

/// How long a connection may take to agree on keys.
const HANDSHAKE_TIME: Duration = Duration::from_secs(10);

/// What a server says and proves at the beginning of a connection: TLS 1.2 and 1.3, HTTP/1.1.
///
/// # Errors
/// One sentence that names the file that cannot be read, is no PEM, or does not belong to the other one.
pub fn acceptor(files: &TlsFiles) -> anyhow::Result<TlsAcceptor> {
    let TlsFiles { cert, key } = files;
    let chain = CertificateDer::pem_file_iter(cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("the certificate {} (KEYHAUS_TLS_CERT) cannot be read", cert.display()))?;
    anyhow::ensure!(
        !chain.is_empty(),
        "the file {} (KEYHAUS_TLS_CERT) has no certificate in PEM",
        cert.display()
    );
    let private = PrivateKeyDer::from_pem_file(key)
        .with_context(|| format!("the key {} (KEYHAUS_TLS_KEY) cannot be read", key.display()))?;
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .context("TLS cannot be set up")?
        .with_no_client_auth()
        .with_single_cert(chain, private)
        .with_context(|| {
            format!(
                "the certificate {} and the key {} (KEYHAUS_TLS_CERT, KEYHAUS_TLS_KEY) cannot be used together",
                cert.display(),
                key.display()
            )
        })?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Gives connections whose handshake is done. A slow or silent peer keeps nobody else waiting.
pub struct TlsListener {
    listener: TcpListener,
    acceptor: TlsAcceptor,
    handshakes: JoinSet<Option<(TlsStream<TcpStream>, SocketAddr)>>,
}

impl TlsListener {
    /// Puts TLS over a listener.
    pub fn new(listener: TcpListener, acceptor: TlsAcceptor) -> Self {
        Self {
            listener,
            acceptor,
            handshakes: JoinSet::new(),
        }
    }
}

impl Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let has_room = self.handshakes.len() < HANDSHAKES_MAX;
            tokio::select! {
                (stream, peer) = Listener::accept(&mut self.listener), if has_room => {
                    self.handshakes.spawn(shake_hands(self.acceptor.clone(), stream, peer));
                }
                Some(done) = self.handshakes.join_next() => {
                    if let Ok(Some(connection)) = done {
                        return connection;
                    }
                }
            }
        }
    }

    fn local_addr(&self) -> io::Result<Self::Addr> {
        self.listener.local_addr()
    }
}

/// The connection when both sides have agreed; nothing when they have not, or not in time.
async fn shake_hands(
    acceptor: TlsAcceptor,
    stream: TcpStream,
    peer: SocketAddr,
) -> Option<(TlsStream<TcpStream>, SocketAddr)> {
    match timeout(HANDSHAKE_TIME, acceptor.accept(stream)).await {
        Ok(Ok(stream)) => Some((stream, peer)),
        Ok(Err(cause)) => {
            tracing::debug!(%peer, %cause, "no TLS");
            None
        }
        Err(_) => {
            tracing::debug!(%peer, "TLS took too long");
            None
        }
    }
}
