/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-error.h"
#include "alcove-invitation.h"

static void
assert_same (const AlcoveInvitation *a,
             const AlcoveInvitation *b)
{
  g_assert_cmpstr (a->protocol, ==, b->protocol);
  g_assert_cmpstr (a->server, ==, b->server);
  g_assert_cmpstr (a->room, ==, b->room);
  g_assert_cmpstr (a->role, ==, b->role);
}

static void
test_round_trip (void)
{
  static const char *const rooms[]
      = { "atrium",  "a room",    " spaced ", "a&b=c?d#e", "100 %",    "+1",
          "大厅",     "🏠/\\\"'<>", "=",        "%41",       "a;b,c:d" };

  for (gsize i = 0; i < G_N_ELEMENTS (rooms); i++)
    {
      g_autoptr (AlcoveInvitation) first
          = alcove_invitation_new ("skyrtc", "ws://host:8888/a?b=c&d=%20", rooms[i]);
      g_autofree char *text = alcove_invitation_to_text (first);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveInvitation) second = alcove_invitation_parse (text, &error);
      g_autoptr (AlcoveInvitation) copy = NULL;

      g_assert_no_error (error);
      assert_same (first, second);
      g_assert_true (g_str_is_ascii (text));
      g_assert_true (g_str_has_prefix (text, "alcove:join?protocol=skyrtc&server="));

      copy = alcove_invitation_copy (second);
      assert_same (copy, first);
    }
}

static void
test_forms (void)
{
  static const char *const texts[] = {
    "alcove:join?protocol=skyrtc&server=ws%3A%2F%2Fhost%3A8888%2F&room=atrium",
    "alcove://join?protocol=skyrtc&server=ws%3A%2F%2Fhost%3A8888%2F&room=atrium",
    "alcove://join/?protocol=skyrtc&server=ws://host:8888/&room=atrium",
    "ALCOVE:JOIN?room=atrium&server=ws://host:8888/&protocol=skyrtc",
    " alcove:/join?protocol=skyrtc&server=ws://host:8888/&room=atrium&later=1&x\n",
    "alcove:join?protocol=skyrtc&server=ws://host:8888/&room=atrium#there",
  };
  g_autoptr (AlcoveInvitation) expected
      = alcove_invitation_new ("skyrtc", "ws://host:8888/", "atrium");

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveInvitation) got = alcove_invitation_parse (texts[i], &error);

      g_assert_no_error (error);
      assert_same (got, expected);
    }
}

static void
test_bad (void)
{
  static const struct {
    const char *text;
    int code;
  } bad[] = {
    { "", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:leave?protocol=a&server=ws://h&room=r", ALCOVE_ERROR_ADDRESS_INVALID },
    { "http:join?protocol=a&server=ws://h&room=r", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?server=ws://h&room=r", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=a&room=r", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=a&server=ws://h", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=&server=ws://h&room=r", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=a&server=ws://h&room=", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=../x&server=ws://h&room=r", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=a&server=ws://h&room=%ff", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=a&server=ws://h&room=a%0ab", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=a&server=ws://h&room=%zz", ALCOVE_ERROR_ADDRESS_INVALID },
    { "alcove:join?protocol=a&server=host&room=r", ALCOVE_ERROR_ADDRESS_NO_SCHEME },
    { "alcove:join?protocol=a&server=ws://h:x&room=r", ALCOVE_ERROR_ADDRESS_PORT },
    { "alcove:join?protocol=a&server=file:///etc&room=r", ALCOVE_ERROR_ADDRESS_NO_SCHEME },
    { "alcove:join?protocol=a\xff&server=ws://h&room=r", ALCOVE_ERROR_ADDRESS_INVALID },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (alcove_invitation_parse (bad[i].text, &error));
      g_test_message ("%s", error->message);
      g_assert_error (error, ALCOVE_ERROR, bad[i].code);
    }
}

static void
test_long (void)
{
  const char *start = "alcove:join?protocol=skyrtc&server=ws://host&room=";
  g_autofree char *many = g_strnfill (100000, 'r');
  g_autofree char *huge = g_strconcat (start, many, NULL);
  g_autofree char *large = g_strndup (huge, strlen (start) + 257);
  g_autofree char *fits = g_strndup (huge, strlen (start) + 256);
  g_autoptr (AlcoveInvitation) got = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (alcove_invitation_parse (huge, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_TOO_LARGE);
  g_clear_error (&error);

  g_assert_null (alcove_invitation_parse (large, &error));
  g_assert_error (error, ALCOVE_ERROR, ALCOVE_ERROR_ADDRESS_INVALID);
  g_clear_error (&error);

  got = alcove_invitation_parse (fits, &error);
  g_assert_no_error (error);
}

/* What the invited one is to be; whatever else a stranger writes there counts as nothing. */
static void
test_role (void)
{
  static const struct {
    const char *link;
    const char *role;
  } cases[] = {
    { "alcove:join?protocol=dispatch&server=ws://h&room=r&role=member", "member" },
    { "alcove:join?role=dispatcher&protocol=dispatch&server=ws://h&room=r", "dispatcher" },
    { "alcove:join?protocol=dispatch&server=ws://h&room=r&role=king", NULL },
    { "alcove:join?protocol=dispatch&server=ws://h&room=r&role=", NULL },
    { "alcove:join?protocol=dispatch&server=ws://h&room=r", NULL },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlcoveInvitation) first = alcove_invitation_parse (cases[i].link, &error);
      g_autoptr (AlcoveInvitation) second = NULL;
      g_autoptr (AlcoveInvitation) copy = NULL;
      g_autofree char *text = NULL;

      g_assert_no_error (error);
      g_assert_cmpstr (first->role, ==, cases[i].role);
      text = alcove_invitation_to_text (first);
      second = alcove_invitation_parse (text, &error);
      g_assert_no_error (error);
      assert_same (first, second);
      copy = alcove_invitation_copy (first);
      assert_same (first, copy);
    }
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/invitation/round-trip", test_round_trip);
  g_test_add_func ("/invitation/forms", test_forms);
  g_test_add_func ("/invitation/bad", test_bad);
  g_test_add_func ("/invitation/long", test_long);
  g_test_add_func ("/invitation/role", test_role);
  return g_test_run ();
}
