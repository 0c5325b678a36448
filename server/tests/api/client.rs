//! A browser or a program in a test.
use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Request, StatusCode, header},
};
use serde_json::{Value, json};
use shared::CSRF_HEADER;
use tower::ServiceExt;

/// What came back of a request.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("no JSON: {} {}", self.status, self.text()))
    }
}

/// A browser.
#[derive(Clone)]
pub struct Client {
    pub(super) router: Router,
    /// The cookie as the browser sends it back.
    pub cookie: Option<String>,
    /// A personal access token, which a program sends instead.
    pub bearer: Option<String>,
}

impl Client {
    /// Sends a request as it is, with the cookie.
    pub async fn send(&mut self, mut request: Request<Body>) -> Answer {
        if let Some(cookie) = &self.cookie {
            request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
        }
        if let Some(token) = &self.bearer {
            let value = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        if let Some(set) = parts.headers.get(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.cookie = Some(pair).filter(|pair| !pair.ends_with('='));
        }
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body,
        }
    }

    /// Gets a path.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends a GraphQL operation and gives the whole answer: `data`, `errors`.
    pub async fn graphql(&mut self, query: &str, variables: Value) -> Value {
        let request = Request::post("/graphql")
            .header(header::CONTENT_TYPE, "application/json")
            .header(CSRF_HEADER, "1")
            .body(Body::from(
                json!({ "query": query, "variables": variables }).to_string(),
            ))
            .unwrap();
        self.send(request).await.json()
    }

    /// The data of an operation that is not refused.
    pub async fn data(&mut self, query: &str, variables: Value) -> Value {
        let answer = self.graphql(query, variables).await;
        assert_eq!(answer.get("errors"), None, "{query}");
        answer["data"].clone()
    }

    /// The extensions of the one error of an operation that is refused.
    pub async fn refusal(&mut self, query: &str, variables: Value) -> Value {
        let answer = self.graphql(query, variables).await;
        let errors = answer["errors"]
            .as_array()
            .unwrap_or_else(|| panic!("not refused: {query} {answer}"));
        assert_eq!(errors.len(), 1, "{answer}");
        errors[0]["extensions"].clone()
    }

    /// The code of the refusal of an operation.
    pub async fn code(&mut self, query: &str, variables: Value) -> String {
        self.refusal(query, variables).await["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// Uploads a file and gives its id.
    pub async fn upload(&mut self, name: &str, bytes: Vec<u8>) -> String {
        let request = Request::post(format!("/files?name={name}"))
            .header(header::CONTENT_TYPE, "application/octet-stream")
            .header(CSRF_HEADER, "1")
            .body(Body::from(bytes))
            .unwrap();
        let answer = self.send(request).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["id"].as_str().unwrap().to_owned()
    }
}
