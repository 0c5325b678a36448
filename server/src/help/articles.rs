//! The articles: one file a language, compiled in, so that none can be missing in one of them.

/// An article in both languages.
#[derive(Clone, Copy, Debug)]
pub struct Article {
    /// The last part of its address, for ever.
    pub slug: &'static str,
    /// Where it stands.
    pub topic: shared::help::HelpTopic,
    /// The page on which one does what it tells: the path of a page of the portal. That page links back.
    pub place: &'static str,
    /// The German text: heading, line of key words, Markdown.
    pub german: &'static str,
    /// The English text.
    pub english: &'static str,
}

macro_rules! articles {
    ($($topic:ident { $($slug:literal at $place:literal),+ $(,)? })+) => {
        /// All articles, in the order in which they are read.
        pub const ARTICLES: &[Article] = &[$($(Article {
            slug: $slug,
            topic: shared::help::HelpTopic::$topic,
            place: $place,
            german: include_str!(concat!("articles/de/", $slug, ".md")),
            english: include_str!(concat!("articles/en/", $slug, ".md")),
        }),+),+];
    };
}

articles! {
    Access {
        "sign-in" at "/sign-in",
        "portal-address" at "/sign-in",
        "switch-over" at "/sign-in",
        "forgotten-access" at "/forgotten",
        "letter-code" at "/letter",
        "register" at "/registration",
        "activate" at "/registration",
        "password-rules" at "/security",
    }
    Portal {
        "what-i-can-do" at "/",
        "language-and-appearance" at "/",
    }
    Contracts {
        "product-information" at "/products",
        "order-and-change" at "/orders/new",
        "contract-administration" at "/products",
        "cancel-contract" at "/cancel",
        "withdraw-contract" at "/withdraw",
        "conclude-agreement" at "/documents",
        "find-documents" at "/documents",
    }
    Invoices {
        "see-invoices" at "/invoices",
        "billing-email" at "/account",
    }
    Account {
        "change-contact-data" at "/account",
        "more-users" at "/users",
        "read-the-log" at "/log",
    }
    Security {
        "change-password" at "/security",
        "why-second-factor" at "/security",
        "set-up-second-factor" at "/security",
        "lost-second-factor" at "/security",
        "signed-in-devices" at "/security",
    }
    Keys {
        "key-service" at "/devices",
        "become-dealer" at "/access-request",
        "select-devices" at "/devices",
        "assign-read-rights" at "/devices",
        "recipient-without-account" at "/read-rights",
        "revoke-read-rights" at "/read-rights",
        "import-keys" at "/imports",
        "show-key" at "/devices",
        "use-wmbusmeters" at "/devices",
        "use-home-assistant" at "/devices",
        "use-ready" at "/devices",
        "prove-key" at "/prove",
        "more-keys" at "/approvals",
    }
}
