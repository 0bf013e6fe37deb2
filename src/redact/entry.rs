//! One entry: which of what was read of it stays, and which does not.

use super::{Editor, Place};
use crate::capture::{Body, Entry, Pair, Pairs, Request, Response, response_headers};
use crate::exchange::{BodyForm, Exchange, Location, encode_component, split_pairs};
use crate::tracker::{Decoding, Repacked};

impl Editor<'_, '_> {
    /// An entry without what belongs to the volunteer.
    pub fn entry_of(&mut self, entry: &Entry, exchange: Option<&Exchange>, text: &[u8]) -> Entry {
        let Some(exchange) = exchange else {
            return self.no_request_of_a_page(entry);
        };
        let decoding = self.redactor.wishes.library.decode(exchange);
        let repacked = self.payload(exchange, decoding.as_ref());
        let url = self.put_together(Place::Address, exchange, decoding.as_ref(), &repacked);
        self.answer(exchange, decoding.as_ref(), text);
        let initiator = entry.initiator_url.as_deref();
        let messages = entry
            .socket_messages
            .map(|count| count.sent + count.received);
        if let Some(count) = messages {
            let count = usize::try_from(count).unwrap_or(usize::MAX);
            self.note(Place::Socket, "", "messages", count);
        }
        Entry {
            pageref: entry.pageref.as_deref().map(|name| self.page_name(name)),
            initiator_url: initiator.and_then(|url| self.if_address(Place::Initiator, url)),
            error: self.remark(&entry.error),
            blocked_reason: self.remark(&entry.blocked_reason),
            request: self.request(entry, exchange, &url, &repacked),
            response: entry.response.as_ref().map(|response| {
                let headers = response_headers(text, entry);
                self.response(response, &headers, exchange, &url)
            }),
            ..entry.clone()
        }
    }

    /// The payload with placeholders. A title may stand before the search term that it repeats: where there is one, all is
    /// gone through again.
    fn payload(&mut self, exchange: &Exchange, decoding: Option<&Decoding>) -> Repacked {
        self.terms.clear();
        let before = self.removals.len();
        let repacked = self.repacked(exchange, decoding, None);
        if self.terms.is_empty() {
            return repacked;
        }
        self.removals.truncate(before);
        let repacked = self.repacked(exchange, decoding, None);
        if let Some(page) = exchange.pageref.as_ref().filter(|_| exchange.is_document) {
            let terms = self.terms_of_pages.entry(page.clone()).or_default();
            terms.extend(self.terms.iter().cloned());
        }
        repacked
    }

    /// What is no request of a page tells nothing; that it was there is kept.
    fn no_request_of_a_page(&mut self, entry: &Entry) -> Entry {
        let url = entry.request.url.as_str();
        let url = match self.if_address(Place::Address, url) {
            Some(url) => url,
            None => {
                let scheme = url.split(':').next().unwrap_or_default();
                self.note(Place::Address, scheme, "no_page", url.chars().count());
                match scheme
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
                {
                    true => format!("{scheme}:"),
                    false => "none:".to_owned(),
                }
            }
        };
        Entry {
            index: entry.index,
            range: entry.range.clone(),
            started_at: entry.started_at.clone(),
            pageref: entry.pageref.as_deref().map(|name| self.page_name(name)),
            api_request: entry.api_request,
            request: Request {
                method: entry.request.method.clone(),
                url,
                ..Request::default()
            },
            response: entry.response.as_ref().map(|response| Response {
                status: response.status,
                ..Response::default()
            }),
            ..Entry::default()
        }
    }

    fn request(
        &mut self,
        entry: &Entry,
        exchange: &Exchange,
        url: &str,
        repacked: &Repacked,
    ) -> Request {
        let request = &entry.request;
        let query = url.split_once('?').map_or("", |(_, query)| query);
        let query = split_pairs(query, Location::Query).into_iter();
        Request {
            method: request.method.clone(),
            url: url.to_owned(),
            http_version: request.http_version.clone(),
            headers: self.headers(
                Place::RequestHeader,
                &request.headers,
                url,
                &exchange.address,
            ),
            cookies: self.cookies(&request.cookies),
            query: query
                .map(|parameter| Pair {
                    name: parameter.name,
                    value: parameter.value,
                })
                .collect(),
            body: request
                .body
                .as_ref()
                .map(|body| Box::new(self.body(body, exchange, repacked))),
            body_size: request.body_size,
        }
    }

    fn body(&mut self, body: &Body, exchange: &Exchange, repacked: &Repacked) -> Body {
        let text = self.last_look(Place::RequestBody, repacked.body.clone());
        let is_list = exchange.body.form == BodyForm::ParameterList;
        let params = if is_list {
            listed(&body.params, exchange, &repacked.listed)
        } else {
            Vec::new()
        };
        // Some producers say in a remark that the text is base64; it is not any more.
        let comment = body
            .comment
            .as_deref()
            .filter(|_| text.is_empty() && params.is_empty());
        Body {
            mime_type: body
                .mime_type
                .as_deref()
                .map(|kind| self.content(Place::RequestBody, "mimeType", kind)),
            text: body
                .text
                .as_ref()
                .map(|_| text)
                .filter(|text| !is_list || !text.is_empty()),
            params,
            encoding: None,
            attached: body.attached.as_ref().map(|_| "removed".to_owned()),
            comment: comment.map(|comment| self.prose(Place::Note, "comment", comment)),
        }
    }

    fn response(
        &mut self,
        response: &Response,
        headers: &Pairs,
        exchange: &Exchange,
        url: &str,
    ) -> Response {
        let length = response
            .content_text
            .as_ref()
            .map_or(0, |range| range.len());
        // The quotes around it are no part of it.
        if let Some(length) = length.checked_sub(2).filter(|length| *length > 0) {
            let kind = response.content_type.as_deref().unwrap_or_default();
            self.note(Place::ResponseBody, kind, "answer", length);
        }
        let from = &exchange.address;
        let target = response.redirect_url.as_deref();
        let target = target.map(|target| match from.join(target) {
            Some(target) => self.address(Place::ResponseHeader, &target.raw),
            None => String::new(),
        });
        Response {
            status_text: self.remark(&response.status_text),
            headers: self.headers(Place::ResponseHeader, headers, url, from),
            redirect_url: target,
            content_text: None,
            content_encoding: None,
            content_type: self.remark(&response.content_type),
            ..response.clone()
        }
    }

    /// What a program wrote by itself: a reason, a status, a type.
    fn remark(&mut self, text: &Option<String>) -> Option<String> {
        let text = text.as_deref()?;
        Some(self.content(Place::Note, "remark", text))
    }
}

/// A producer's list of parameters, encoded where it was.
fn listed(pairs: &[Pair], exchange: &Exchange, new: &[String]) -> Vec<Pair> {
    let (parameters, _) = exchange.body.parameters();
    let filled = pairs
        .iter()
        .filter(|pair| !pair.name.is_empty() || !pair.value.is_empty());
    filled
        .zip(parameters.iter().zip(new))
        .map(|(pair, (parameter, new))| Pair {
            name: pair.name.clone(),
            value: if parameter.value == *new {
                pair.value.clone()
            } else if parameter.value == pair.value {
                new.clone()
            } else {
                encode_component(new)
            },
        })
        .collect()
}
