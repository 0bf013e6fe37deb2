//! How the members of an object were written: a program writes one entry as it wrote the one before, with the same names in the
//! same order and the same signs between them. Where that stands again, it says the same again, and need not be read.

use std::borrow::Cow;

use super::cursor::{Cursor, Halt};
use super::nesting::Kind;
use super::object::{Look, Plan, name};

/// As many members are remembered.
const MOST: usize = 64;

/// So many members that stood in the object before may be missing in a row: they are looked past.
const MISSING: usize = 2;

/// The members of the objects that were read before, in their order.
#[derive(Debug, Default)]
pub struct Form<'a> {
    members: Vec<MemberForm<'a>>,
}

/// One member.
#[derive(Debug)]
pub struct MemberForm<'a> {
    /// It stands behind another.
    is_behind: bool,
    /// What stands between the value before, or the opening bracket, and its own value.
    joint: &'a [u8],
    pub key: Cow<'a, str>,
    /// What it is looked at as.
    pub look: Option<&'static Look>,
    /// The form of the object that is its value.
    pub inside: Form<'a>,
}

impl<'a> Form<'a> {
    /// Goes to the value of the next member, from behind what stands before it. `place` is where in the form the members behind
    /// the one before begin. `None`: the object ended here and is behind us.
    pub fn next(
        &mut self,
        cursor: &mut Cursor<'a>,
        plan: Plan,
        place: &mut usize,
        is_behind: bool,
    ) -> Result<Option<&mut MemberForm<'a>>, Halt> {
        let expected = self.members.iter().enumerate().skip(*place);
        let stands_here = |member: &MemberForm| {
            member.is_behind == is_behind && cursor.rest().starts_with(member.joint)
        };
        let mut expected = expected.take(1 + MISSING);
        let found = expected.find(|(_, member)| stands_here(member));
        let at = match found {
            Some((at, member)) => {
                cursor.at += member.joint.len();
                // More white space than before is none of the value's.
                cursor.skip_space();
                at
            }
            None => {
                let Some(member) = MemberForm::read(cursor, plan, is_behind)? else {
                    return Ok(None);
                };
                self.remember(*place, member)
            }
        };
        *place = at + 1;
        Ok(self.members.get_mut(at))
    }

    /// Puts a member where it stood; where there are too many, in the place of another.
    fn remember(&mut self, place: usize, member: MemberForm<'a>) -> usize {
        let place = place.min(MOST - 1);
        if self.members.len() < MOST {
            self.members.insert(place, member);
        } else if let Some(other) = self.members.get_mut(place) {
            *other = member;
        }
        place
    }
}

impl<'a> MemberForm<'a> {
    /// Reads up to the value. `None`: the object ended.
    fn read(cursor: &mut Cursor<'a>, plan: Plan, is_behind: bool) -> Result<Option<Self>, Halt> {
        let start = cursor.at;
        if !cursor.next_in(Kind::Object, is_behind)? {
            return Ok(None);
        }
        let key = name(cursor.bytes(), cursor.key()?);
        let look = plan.iter().find(|(name, _)| *name == key);
        Ok(Some(MemberForm {
            is_behind,
            joint: cursor.bytes().get(start..cursor.at).unwrap_or_default(),
            look: look.map(|(_, look)| look),
            key,
            inside: Form::default(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::capture::scanner::object::{Inside, Object};

    const PLAN: Plan = &[
        ("a", Look::Into(&[("b", Look::Into(&[]))])),
        ("c", Look::AtPairs(None)),
    ];

    /// What was read, and where the cursor stands behind it.
    fn told(read: Result<Object, Halt>, cursor: &Cursor) -> String {
        fn members(object: &Object) -> String {
            let member = |member: &crate::capture::scanner::Member| {
                let inside = match &member.inside {
                    Inside::Unknown => String::new(),
                    Inside::Object(object) => members(object),
                    Inside::Pairs(pairs) => format!("{pairs:?}"),
                };
                format!("{} {:?} {inside}; ", member.key, member.value)
            };
            object.members.iter().map(member).collect()
        }
        let read = read.map(|object| (object.range.clone(), members(&object)));
        format!("{read:?} to {}", cursor.at)
    }

    /// Objects of members that come again, in several layouts, some of them broken.
    fn objects() -> impl Strategy<Value = Vec<String>> {
        let key = prop::sample::select(vec![
            r#""a""#,
            r#""b""#,
            r#""c""#,
            r#""\u0061""#,
            r#""""#,
            "a",
        ]);
        let colon = prop::sample::select(vec![":", ":", ": ", " :\n"]);
        let value = prop::sample::select(vec![
            "1",
            r#"{"b":{"x":1}}"#,
            r#"{"b" : 2, "a":{}}"#,
            r#"[{"name":"n","value":"v"}]"#,
            r#"",""#,
            "{}",
            "",
            "{",
        ]);
        let comma = prop::sample::select(vec![",", ",", ", ", "\n  ,", "", ",,"]);
        let member = (key, colon, value, comma);
        let member =
            member.prop_map(|(key, colon, value, comma)| format!("{key}{colon}{value}{comma}"));
        let members = prop::collection::vec(member, 0..6).prop_map(|members| members.concat());
        let object = (
            prop::sample::select(vec!["{", "{ "]),
            members,
            prop::sample::select(vec!["}", " }", ""]),
        );
        let object = object.prop_map(|(open, members, close)| format!("{open}{members}{close} "));
        prop::collection::vec((object, 1..3_usize), 1..6).prop_map(|objects| {
            let again = |(object, times): (String, usize)| std::iter::repeat_n(object, times);
            objects.into_iter().flat_map(again).collect()
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(4000))]

        #[test]
        fn an_object_is_read_as_if_none_had_been_before(objects in objects()) {
            let text = objects.concat();
            let mut form = Form::default();
            let mut start = 0;
            for object in &objects {
                let mut cursor = Cursor::new(text.as_bytes(), start);
                let read = Object::read(&mut cursor, PLAN, &mut form);
                let read = told(read, &cursor);
                let mut cursor = Cursor::new(text.as_bytes(), start);
                let alone = Object::read(&mut cursor, PLAN, &mut Form::default());
                prop_assert_eq!(read, told(alone, &cursor), "{} at {}", text, start);
                start += object.len();
            }
        }
    }

    #[test]
    fn of_many_members_no_more_are_remembered_than_there_is_room_for() {
        let members: Vec<String> = (0..3 * MOST).map(|at| format!("\"{at}\":{at}")).collect();
        let text = format!("{{{}}}", members.join(","));
        let mut form = Form::default();
        for _ in 0..2 {
            let read = Object::read(&mut Cursor::new(text.as_bytes(), 0), &[], &mut form).unwrap();
            assert_eq!(read.members.len(), 3 * MOST);
            assert_eq!(form.members.len(), MOST);
        }
    }
}
