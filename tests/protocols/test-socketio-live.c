/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "alcove-rtcsignal-signaller.h"
#include "alcove-webrtcroom-signaller.h"
#include "far-server.h"

/*
 * The signallers of the two protocols on Socket.IO over real sockets, on loopback: against
 * servers on npm's socket.io of both kinds, and against our own.
 */

#define ROOM "两 人 一 室"
/* 64 characters, of which some are not one byte */
#define LONG_ROOM "ein sehr langer Raumname für alle, die zählen können: 64 Zeichen"

typedef struct {
  const char *protocol;
  const char *library; /* of the foreign server; NULL for our own */
} Case;

static const Case cases[] = {
  { "webrtcroom", "2" }, { "webrtcroom", "4" }, { "webrtcroom", NULL },
  { "rtcsignal", "2" },  { "rtcsignal", "4" },  { "rtcsignal", NULL },
};

/* Ids are random: in what is expected, each has the name it was learnt under. */
static GHashTable *names;

static gboolean
begin (const Case *test,
       Far *far)
{
  g_autofree char *script = g_strconcat (test->protocol, "-server.mjs", NULL);

  /* not one that comes back in the course of a test */
  if (far->port == 0)
    g_hash_table_remove_all (names);

  if (test->library != NULL)
    return far_spawn (far, "node", script, "--library", test->library);

  far_embed (far);
  return TRUE;
}

static Scripted *
connect_to (const Case *test,
            Far *far,
            const char *room)
{
  gboolean rtcsignal = g_str_equal (test->protocol, "rtcsignal");
  Scripted *f = far_client (
      far, rtcsignal ? alcove_rtcsignal_signaller_new : alcove_webrtcroom_signaller_new,
      "/socket.io");

  alcove_signaller_connect (f->signaller, room, "x", ALCOVE_ROLE_MEMBER);
  return f;
}

/* Takes the last `joined` of its log for somebody's id. */
static void
learn (Scripted *f,
       const char *name)
{
  const char *id;

  while ((id = g_strrstr (f->log->str, "joined:")) == NULL)
    scripted_wait (f, f->events + 1);
  id += strlen ("joined:");
  g_hash_table_insert (names, g_strndup (id, strcspn (id, " ")), g_strdup (name));
}

static const char *
id_of (const char *name)
{
  GHashTableIter iter;
  gpointer id;
  gpointer value;

  g_hash_table_iter_init (&iter, names);
  while (g_hash_table_iter_next (&iter, &id, &value))
    if (g_str_equal (value, name))
      return id;

  g_assert_not_reached ();
}

static int
compare_words (gconstpointer a,
               gconstpointer b)
{
  return strcmp (*(const char *const *) a, *(const char *const *) b);
}

/* The words in order, with names in place of ids. */
static char *
sorted (const char *log)
{
  g_auto (GStrv) words = g_strsplit (log, " ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      char *colon = strchr (words[i], ':');
      const char *name = colon != NULL ? g_hash_table_lookup (names, colon + 1) : NULL;

      if (name != NULL)
        {
          char *word = g_strdup_printf ("%.*s:%s", (int) (colon - words[i]), words[i], name);

          g_free (words[i]);
          words[i] = word;
        }
    }
  qsort (words, g_strv_length (words), sizeof *words, compare_words);
  return g_strjoinv (" ", words);
}

/* Waits for as many events as there are words, and compares; who speaks first of several
 * others is not said. */
static void
expect_at (Scripted *f,
           const char *expected,
           int line)
{
  g_auto (GStrv) words = g_strsplit (expected, " ", -1);
  g_autofree char *want = NULL;
  g_autofree char *got = NULL;

  scripted_wait (f, g_strv_length (words));
  qsort (words, g_strv_length (words), sizeof *words, compare_words);
  want = g_strjoinv (" ", words);
  got = sorted (f->log->str);
  if (strcmp (got, want) != 0)
    g_error ("line %d: “%s” instead of “%s”", line, got, want);
  g_string_truncate (f->log, 0);
  f->events = 0;
}

#define expect(f, expected) expect_at (f, expected, __LINE__)

static void
send (Scripted *f,
      const char *name,
      AlcoveDescriptionType type)
{
  alcove_signaller_send_description (f->signaller, id_of (name), type, "v=0\r\ns=两 <&>\r\n");
}

/* One pair negotiates, with the right one beginning. */
static void
negotiate (Scripted *caller,
           const char *caller_name,
           Scripted *callee,
           const char *callee_name)
{
  g_autofree char *offer = g_strdup_printf ("offer:%s candidate1/video:%s", caller_name, caller_name);
  g_autofree char *answer = g_strdup_printf ("answer:%s", callee_name);

  send (caller, callee_name, ALCOVE_DESCRIPTION_OFFER);
  alcove_signaller_send_candidate (caller->signaller, id_of (callee_name), "video", 1,
                                   "candidate:1 1 udp 1 192.0.2.1 9 typ host");
  expect (callee, offer);
  send (callee, caller_name, ALCOVE_DESCRIPTION_ANSWER);
  expect (caller, answer);
}

/* Join, roster, who offers, two rooms at once, leave, and coming back. */
static void
test_story (gconstpointer data)
{
  const Case *test = data;
  gboolean rtcsignal = g_str_equal (test->protocol, "rtcsignal");
  Far far = { 0 };
  Scripted *a;
  Scripted *b;
  Scripted *c;
  Scripted *d;

  if (!begin (test, &far))
    return;

  g_assert_cmpint (g_utf8_strlen (LONG_ROOM, -1), ==, 64);
  a = connect_to (test, &far, ROOM);
  learn (a, "A");
  expect (a, "joined:A");
  d = connect_to (test, &far, LONG_ROOM);
  learn (d, "D");
  expect (d, "joined:D");
  b = connect_to (test, &far, ROOM);
  learn (b, "B");
  expect (b, rtcsignal ? "joined:B wait:A" : "joined:B call:A");
  expect (a, rtcsignal ? "call:B" : "wait:B");
  if (rtcsignal)
    negotiate (a, "A", b, "B");
  else
    negotiate (b, "B", a, "A");
  c = connect_to (test, &far, ROOM);
  learn (c, "C");
  expect (c, rtcsignal ? "joined:C wait:A wait:B" : "joined:C call:A call:B");
  expect (a, rtcsignal ? "call:C" : "wait:C");
  expect (b, rtcsignal ? "call:C" : "wait:C");
  if (rtcsignal)
    negotiate (b, "B", c, "C");
  else
    negotiate (c, "C", b, "B");

  far_leave (c);
  expect (a, rtcsignal ? "hung-up:C left:C" : "left:C");
  expect (b, rtcsignal ? "hung-up:C left:C" : "left:C");
  c = connect_to (test, &far, ROOM);
  learn (c, "C2");
  expect (c, rtcsignal ? "joined:C2 wait:A wait:B" : "joined:C2 call:A call:B");
  expect (a, rtcsignal ? "call:C2" : "wait:C2");
  expect (b, rtcsignal ? "call:C2" : "wait:C2");

  /* the other room has heard of none of this */
  g_assert_cmpstr (d->log->str, ==, "");
  far_leave (d);
  far_leave (c);
  far_leave (b);
  far_leave (a);
  far_close (&far);
}

/* A connection is cut: the others hear of it where the server tells, and it comes back. */
static void
test_drop (gconstpointer data)
{
  const Case *test = data;
  gboolean rtcsignal = g_str_equal (test->protocol, "rtcsignal");
  g_autofree char *command = NULL;
  Far far = { 0 };
  Scripted *a;
  Scripted *b;

  if (!begin (test, &far))
    return;

  a = connect_to (test, &far, ROOM);
  learn (a, "A");
  expect (a, "joined:A");
  b = connect_to (test, &far, ROOM);
  learn (b, "B");
  expect (b, rtcsignal ? "joined:B wait:A" : "joined:B call:A");
  expect (a, rtcsignal ? "call:B" : "wait:B");

  command = g_strdup_printf ("{\"cmd\":\"drop\",\"%s\":\"%s\"}\n", rtcsignal ? "user" : "id",
                             id_of ("B"));
  far_command (&far, command);
  scripted_wait (b, 2);
  learn (b, "B2");
  expect (b, rtcsignal ? "disconnected:closed joined:B2 reconnected wait:A"
                       : "disconnected:closed joined:B2 call:A reconnected");
  /* of a lost one the rtcsignal server says nothing: it has said so itself */
  expect (a, rtcsignal ? "call:B2 left:B" : "left:B wait:B2");
  if (rtcsignal)
    negotiate (a, "A", b, "B2");
  else
    negotiate (b, "B2", a, "A");
  far_leave (b);
  far_leave (a);
  far_close (&far);
}

static gboolean
is_back (Scripted *f)
{
  g_auto (GStrv) words = g_strsplit (f->log->str, " ", -1);
  gboolean reconnected = g_strv_contains ((const char *const *) words, "reconnected");
  guint n_peers = 0;

  for (guint i = 0; words[i] != NULL; i++)
    n_peers += g_str_has_prefix (words[i], "call:") || g_str_has_prefix (words[i], "wait:");
  return reconnected && n_peers == 2;
}

/* How this one is to begin with the other: 'c'alls, 'w'aits, or 0 for never heard of. */
static char
rule (Scripted *f,
      const char *other)
{
  g_autofree char *call = g_strdup_printf ("call:%s", other);
  g_autofree char *wait = g_strdup_printf ("wait:%s", other);

  if (strstr (f->log->str, call) != NULL)
    return 'c';
  return strstr (f->log->str, wait) != NULL ? 'w' : 0;
}

/* The server is gone, and comes back: all three find each other, each pair with one
 * that offers, and nobody of before is left over. */
static void
test_restart (gconstpointer data)
{
  static const char *const before[] = { "A", "B", "C" };
  static const char *const after[] = { "A2", "B2", "C2" };
  const Case *test = data;
  Far far = { 0 };
  Scripted *members[3];

  if (!begin (test, &far))
    return;

  for (int i = 0; i < 3; i++)
    {
      members[i] = connect_to (test, &far, ROOM);
      learn (members[i], before[i]);
    }
  for (int i = 0; i < 3; i++)
    {
      while (members[i]->events < 3)
        scripted_wait (members[i], members[i]->events + 1);
      g_string_truncate (members[i]->log, 0);
      members[i]->events = 0;
    }

  far_close (&far);
  for (int i = 0; i < 3; i++)
    scripted_wait (members[i], 1);
  g_assert_true (begin (test, &far));
  for (int i = 0; i < 3; i++)
    {
      while (!is_back (members[i]))
        scripted_wait (members[i], members[i]->events + 1);
      learn (members[i], after[i]);
    }

  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3; k++)
      {
        g_autofree char *gone = g_strdup_printf ("left:%s", id_of (before[k]));
        char mine;

        if (i == k)
          continue;
        mine = rule (members[i], id_of (after[k]));
        g_assert_cmpint (mine, !=, 0);
        g_assert_cmpint (mine, !=, rule (members[k], id_of (after[i])));
        while (strstr (members[i]->log->str, gone) == NULL)
          scripted_wait (members[i], members[i]->events + 1);
      }
  for (int i = 2; i >= 0; i--)
    far_leave (members[i]);
  far_close (&far);
}

/* Oddity 10.2 of rtcsignal: a server that does not hear any more shows by the missing echo. */
static void
test_deaf (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *command = NULL;
  Far far = { 0 };
  Scripted *a;
  Scripted *b;

  if (!begin (test, &far))
    return;

  a = connect_to (test, &far, ROOM);
  alcove_rtcsignal_signaller_set_waits (ALCOVE_RTCSIGNAL_SIGNALLER (a->signaller), 500,
                                        ALCOVE_RTCSIGNAL_FLIGHT_MS);
  learn (a, "A");
  expect (a, "joined:A");
  b = connect_to (test, &far, ROOM);
  learn (b, "B");
  expect (b, "joined:B wait:A");
  expect (a, "call:B");

  command = g_strdup_printf ("{\"cmd\":\"deafen\",\"user\":\"%s\"}\n", id_of ("A"));
  far_command (&far, command);
  /* what goes out before the server has obeyed still comes back */
  while (a->events == 0)
    {
      send (a, "B", ALCOVE_DESCRIPTION_OFFER);
      g_main_context_iteration (NULL, TRUE);
    }
  g_assert_true (g_str_has_prefix (a->log->str, "disconnected:timed-out"));
  scripted_wait (a, 2);
  learn (a, "A2");
  expect (a, "disconnected:timed-out joined:A2 reconnected wait:B");
  while (strstr (b->log->str, "left:") == NULL)
    scripted_wait (b, b->events + 1);
  g_assert_nonnull (strstr (b->log->str, id_of ("A2")));
  far_leave (b);
  far_leave (a);
  far_close (&far);
}

int
main (int argc,
      char **argv)
{
  int status;

  g_test_init (&argc, &argv, NULL);
  names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *server = cases[i].library == NULL          ? "own"
                           : g_str_equal (cases[i].library, "2") ? "socket.io-2"
                                                                 : "socket.io-4";
      g_autofree char *story = g_strdup_printf ("/%s/live/%s/story", cases[i].protocol, server);
      g_autofree char *drop = g_strdup_printf ("/%s/live/%s/drop", cases[i].protocol, server);
      g_autofree char *restart = g_strdup_printf ("/%s/live/%s/restart", cases[i].protocol, server);
      g_autofree char *deaf = g_strdup_printf ("/%s/live/%s/10.2-deaf", cases[i].protocol, server);

      g_test_add_data_func (story, &cases[i], test_story);
      g_test_add_data_func (restart, &cases[i], test_restart);
      if (cases[i].library != NULL)
        g_test_add_data_func (drop, &cases[i], test_drop);
      if (cases[i].library != NULL && g_str_equal (cases[i].protocol, "rtcsignal"))
        g_test_add_data_func (deaf, &cases[i], test_deaf);
    }
  status = g_test_run ();
  g_hash_table_unref (names);
  return status;
}
