//! A PostgreSQL database of its own for a process, where the tests have a server, and a way to it that can be cut.
use sea_orm::{ConnectionTrait, Database};
use std::{
    env, io,
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

/// The address of a new database; none, by name, where PostgreSQL is not tested.
pub(crate) async fn new_database(name: &str) -> Option<String> {
    if !env::var("KEYHAUS_TEST_DATABASES")
        .unwrap_or_default()
        .contains("postgres")
    {
        println!("skipped: postgres is not in KEYHAUS_TEST_DATABASES");
        return None;
    }
    let server =
        env::var("KEYHAUS_TEST_POSTGRES_URL").expect("KEYHAUS_TEST_POSTGRES_URL names the server of the tests");
    let name = format!("{name}_{}", std::process::id());
    let admin = Database::connect(server.clone()).await.unwrap();
    admin
        .execute_unprepared(&format!("CREATE DATABASE {name}"))
        .await
        .unwrap();
    admin.close().await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    Some(format!("{base}/{name}"))
}

/// A way to a server that can be cut, as when a cable is pulled and the other side resets.
pub(crate) struct Way {
    address: SocketAddr,
    is_cut: Arc<AtomicBool>,
    open: Arc<Mutex<Vec<TcpStream>>>,
}

impl Way {
    /// A way to this address; its thread ends with the test.
    pub(crate) fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let is_cut = Arc::new(AtomicBool::new(false));
        let open = Arc::new(Mutex::new(Vec::new()));
        let way = Self {
            address,
            is_cut: Arc::clone(&is_cut),
            open: Arc::clone(&open),
        };
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                if is_cut.load(Ordering::SeqCst) {
                    continue; // dropped, which closes it
                }
                let Ok(server) = TcpStream::connect(&server) else {
                    continue;
                };
                for (from, to) in [(&client, &server), (&server, &client)] {
                    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
                    thread::spawn(move || {
                        io::copy(&mut from, &mut to).ok();
                        to.shutdown(Shutdown::Both).ok();
                    });
                }
                open.lock().unwrap().extend([client, server]);
            }
        });
        way
    }

    /// Where the way begins.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Ends all that is open, and refuses what comes.
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
        for stream in self.open.lock().unwrap().drain(..) {
            stream.shutdown(Shutdown::Both).ok();
        }
    }

    /// Lets through what comes.
    pub(crate) fn mend(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }
}
