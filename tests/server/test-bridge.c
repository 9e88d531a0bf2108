/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alcove-bridge.h"
#include "alcove-hub.h"
#include "bridge-tongues.h"

/*
 * Each two protocols in one room of one server, with either of them there first, without
 * sockets. The table of the README is made here, out of what the dialects say.
 * Run with --table, it prints that instead of testing.
 */

#define ROOM "六 rooms"
#define MAX_ROOMS 16
#define MAX_MEMBERS 8
#define OFFER "v=0 offer \\\"两\\\""
#define OFFER_HEARD "v=0 offer \"两\""
#define ANSWER "v=0 answer <&>"
#define CANDIDATE "candidate:1001 1 udp 2122260223 192.0.2.12 50001 typ host"

typedef struct {
  AlcoveHub *hub;
  AlcoveDialect *dialects[N_DIALECTS];
} Fixture;

typedef struct {
  guint first;
  guint newcomer;
} Case;

typedef struct {
  Person *first;
  Person *newcomer;
  Person *offerer;
  Person *answerer;
  /* as the offerer knows the answerer, and the other way round once it knows */
  char *answerer_name;
  char *offerer_name;
} Meeting;

static void
set_up (Fixture *f,
        gconstpointer data)
{
  f->hub = alcove_hub_new (MAX_ROOMS, MAX_MEMBERS);
  for (guint i = 0; i < N_TONGUES; i++)
    if (f->dialects[tongues[i].dialect] == NULL)
      {
        f->dialects[tongues[i].dialect] = tongues[i].create ();
        alcove_dialect_attach (f->dialects[tongues[i].dialect], f->hub);
      }
}

static void
tear_down (Fixture *f,
           gconstpointer data)
{
  g_assert_cmpuint (alcove_hub_get_n_rooms (f->hub), ==, 0);
  for (guint i = 0; i < N_DIALECTS; i++)
    g_assert_finalize_object (f->dialects[i]);
  g_assert_finalize_object (f->hub);
}

static Person *
enter (Fixture *f,
       guint tongue,
       const char *room)
{
  return person_new (&tongues[tongue], f->dialects[tongues[tongue].dialect], NULL, room);
}

static void
expect_nothing (Person *person)
{
  g_autoptr (Heard) heard = person_take (person);

  if (heard != NULL)
    g_test_message ("%s heard %d of %s", person->tongue->title, heard->kind, heard->who);
  g_assert_null (heard);
}

/* Returns who it was about. */
static char *
expect (Person *person,
        HeardKind kind,
        const char *who,
        const char *text)
{
  g_autoptr (Heard) heard = person_take (person);

  g_assert_nonnull (heard);
  g_assert_cmpint (heard->kind, ==, kind);
  if (who != NULL)
    g_assert_cmpstr (heard->who, ==, who);
  g_assert_cmpstr (heard->text, ==, text);
  return g_steal_pointer (&heard->who);
}

static void
expect_of (Person *person,
           HeardKind kind,
           const char *who,
           const char *text)
{
  g_free (expect (person, kind, who, text));
}

/* What one of two hears when they meet: at most whom to call or to wait for. */
static gboolean
hears_to_offer (Person *person,
                char **name)
{
  g_autoptr (Heard) heard = person_take (person);

  *name = NULL;
  if (heard == NULL)
    return FALSE;
  g_assert_true (heard->kind == HEARD_OFFER_TO || heard->kind == HEARD_WAIT_FOR);
  *name = g_steal_pointer (&heard->who);
  expect_nothing (person);
  return heard->kind == HEARD_OFFER_TO;
}

static void
meet (Meeting *m)
{
  char *first_name;
  char *newcomer_name;
  gboolean first_offers = hears_to_offer (m->first, &newcomer_name);
  gboolean newcomer_offers = hears_to_offer (m->newcomer, &first_name);

  g_assert_cmpint (first_offers, !=, newcomer_offers);
  m->offerer = first_offers ? m->first : m->newcomer;
  m->answerer = first_offers ? m->newcomer : m->first;
  m->answerer_name = first_offers ? newcomer_name : first_name;
  m->offerer_name = first_offers ? first_name : newcomer_name;
}

static void
meeting_begin (Fixture *f,
               const Case *c,
               Meeting *m)
{
  m->first = enter (f, c->first, ROOM);
  expect_nothing (m->first);
  m->newcomer = enter (f, c->newcomer, ROOM);
  meet (m);
}

static void
meeting_clear (Meeting *m)
{
  g_clear_pointer (&m->answerer_name, g_free);
  g_clear_pointer (&m->offerer_name, g_free);
}

static void
meeting_end (Meeting *m)
{
  expect_nothing (m->first);
  expect_nothing (m->newcomer);
  person_free (m->first);
  person_free (m->newcomer);
  meeting_clear (m);
}

static void
exchange (Meeting *m)
{
  char *who;

  m->offerer->tongue->describe (m->offerer, m->answerer_name, TRUE, OFFER);
  who = expect (m->answerer, HEARD_OFFER, m->offerer_name, OFFER_HEARD);
  g_free (m->offerer_name);
  m->offerer_name = who;
  m->answerer->tongue->describe (m->answerer, m->offerer_name, FALSE, ANSWER);
  expect_of (m->offerer, HEARD_ANSWER, m->answerer_name, ANSWER);
}

/* Each hears of the other in the way that makes exactly one offer. */
static void
test_join (Fixture *f,
           gconstpointer data)
{
  Meeting m = { 0 };

  meeting_begin (f, data, &m);
  g_assert_cmpstr (m.answerer_name, !=, "root");
  g_assert_cmpstr (m.answerer_name, !=, m.offerer_name);
  meeting_end (&m);
}

/* Offer and answer; then again, as a renegotiation; then one the other way round. */
static void
test_offer (Fixture *f,
            gconstpointer data)
{
  Meeting m = { 0 };

  meeting_begin (f, data, &m);
  exchange (&m);
  exchange (&m);
  m.answerer->tongue->describe (m.answerer, m.offerer_name, TRUE, OFFER);
  expect_of (m.offerer, HEARD_OFFER, m.answerer_name, OFFER_HEARD);
  m.offerer->tongue->describe (m.offerer, m.answerer_name, FALSE, ANSWER);
  expect_of (m.answerer, HEARD_ANSWER, m.offerer_name, ANSWER);
  meeting_end (&m);
}

static char *
pass_candidate (Person *from,
                const char *to,
                Person *receiver,
                const char *who)
{
  g_autoptr (Heard) heard = NULL;

  from->tongue->trickle (from, to, "mid-1", 1, CANDIDATE);
  heard = person_take (receiver);
  g_assert_nonnull (heard);
  g_assert_cmpint (heard->kind, ==, HEARD_CANDIDATE);
  g_assert_cmpstr (heard->text, ==, CANDIDATE);
  g_assert_cmpstr (heard->mid, ==, "mid-1");
  g_assert_cmpint (heard->mline_index, ==, 1);
  if (who != NULL)
    g_assert_cmpstr (heard->who, ==, who);
  return g_steal_pointer (&heard->who);
}

/* Both ways, and one before the offer that it belongs to. */
static void
test_candidates (Fixture *f,
                 gconstpointer data)
{
  Meeting m = { 0 };
  char *who;

  meeting_begin (f, data, &m);
  who = pass_candidate (m.offerer, m.answerer_name, m.answerer, m.offerer_name);
  g_free (m.offerer_name);
  m.offerer_name = who;
  exchange (&m);
  g_free (pass_candidate (m.offerer, m.answerer_name, m.answerer, m.offerer_name));
  g_free (pass_candidate (m.answerer, m.offerer_name, m.offerer, m.answerer_name));
  meeting_end (&m);
}

/* Whoever goes, the other is told, and reaches nobody there any more. */
static void
go (Meeting *m,
    Person *leaver,
    gboolean politely)
{
  Person *stays = leaver == m->first ? m->newcomer : m->first;
  const char *name = stays == m->offerer ? m->answerer_name : m->offerer_name;

  if (politely)
    {
      leaver->tongue->leave (leaver);
      /* its own notice, where the protocol has one */
      g_queue_clear_full (&leaver->heard, (GDestroyNotify) heard_free);
      expect_of (stays, HEARD_LEFT, name, NULL);
      if (stays->tongue != &tongues[DISPATCHER])
        stays->tongue->describe (stays, name, TRUE, OFFER);
      expect_nothing (leaver);
    }
  person_free (leaver);
  if (!politely)
    expect_of (stays, HEARD_LEFT, name, NULL);
  expect_nothing (stays);
}

static void
leave_and_return (Fixture *f,
                  const Case *c,
                  gboolean politely)
{
  Meeting m = { 0 };

  meeting_begin (f, c, &m);
  exchange (&m);
  go (&m, m.newcomer, politely && m.newcomer->tongue->leave != NULL);
  meeting_clear (&m);

  m.newcomer = enter (f, c->newcomer, ROOM);
  meet (&m);
  exchange (&m);
  go (&m, m.first, politely && m.first->tongue->leave != NULL);
  meeting_clear (&m);

  /* now the one who stayed was there first */
  m.first = m.newcomer;
  m.newcomer = enter (f, c->first, ROOM);
  meet (&m);
  exchange (&m);
  meeting_end (&m);
}

static void
test_leave (Fixture *f,
            gconstpointer data)
{
  leave_and_return (f, data, TRUE);
}

static void
test_drop (Fixture *f,
           gconstpointer data)
{
  leave_and_return (f, data, FALSE);
}

static void
drain (Person *person)
{
  person_listen (person);
  g_queue_clear_full (&person->heard, (GDestroyNotify) heard_free);
}

/* Nobody in another room is met, nor reached by an id that was heard of elsewhere. */
static void
test_rooms (Fixture *f,
            gconstpointer data)
{
  const Case *c = data;
  Meeting m = { 0 };
  Person *stranger;

  meeting_begin (f, c, &m);
  stranger = enter (f, c->newcomer, "elsewhere");
  /* among themselves those of a mesh know no rooms */
  if (c->newcomer == RTCMESH)
    {
      expect_of (stranger, HEARD_WAIT_FOR, m.newcomer->self, NULL);
      expect_of (m.newcomer, HEARD_OFFER_TO, stranger->self, NULL);
    }
  expect_nothing (stranger);
  expect_nothing (m.first);
  if (stranger->tongue != &tongues[DISPATCHER])
    {
      const char *known = m.newcomer == m.offerer ? m.answerer_name : m.offerer_name;

      if (known != NULL)
        {
          stranger->tongue->describe (stranger, known, TRUE, OFFER);
          stranger->tongue->trickle (stranger, known, "0", 0, CANDIDATE);
        }
    }
  expect_nothing (stranger);
  expect_nothing (m.first);
  person_free (stranger);
  if (c->newcomer == RTCMESH)
    drain (m.newcomer);
  meeting_end (&m);
}

/* A guest of the dispatch platform and somebody of another protocol hear nothing of each
 * other, whoever was first, though the dispatcher knows both. */
static void
check_guest (Fixture *f,
             const Case *c)
{
  guint foreign = c->first == GUEST ? c->newcomer : c->first;
  Person *root = enter (f, DISPATCHER, ROOM);
  Person *guest = NULL;
  Person *other = NULL;

  if (c->first == GUEST)
    {
      guest = enter (f, GUEST, ROOM);
      drain (guest);
      other = enter (f, foreign, ROOM);
      drain (other);
      expect_nothing (guest);
    }
  else
    {
      other = enter (f, foreign, ROOM);
      drain (other);
      guest = enter (f, GUEST, ROOM);
      expect_nothing (other);
      drain (guest);
    }

  drain (root);
  guest->tongue->describe (guest, "root", TRUE, OFFER);
  expect_of (root, HEARD_OFFER, "bob", OFFER_HEARD);
  other->tongue->describe (other, "bob", TRUE, OFFER);
  expect_nothing (guest);
  expect_nothing (other);
  guest->tongue->leave (guest);
  expect_of (root, HEARD_LEFT, "bob", NULL);
  expect_nothing (other);
  person_free (other);
  person_free (guest);
  person_free (root);
}

static void
test_guest (Fixture *f,
            gconstpointer data)
{
  check_guest (f, data);
}

/* All of them, and one who has not named a room, which is nothing to agree on. */
static void
test_no_room (Fixture *f,
              gconstpointer data)
{
  static const guint silent[] = { WEBRTCROOM, RTCSIGNAL, RTCMESH };
  Person *people[G_N_ELEMENTS (silent)];

  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    people[i] = enter (f, silent[i], "");
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    expect_nothing (people[i]);
  for (guint i = 0; i < G_N_ELEMENTS (silent); i++)
    person_free (people[i]);
}

/* A member of the mesh names its room by its address or by a message, and may change it. */
static void
test_mesh_room (Fixture *f,
                gconstpointer data)
{
  Person *sky = enter (f, SKYRTC, "a/b");
  Person *wen = enter (f, WEBRTCROOM, ROOM);
  Person *mesh = person_new (&tongues[RTCMESH], f->dialects[tongues[RTCMESH].dialect],
                             "/room/a/b/uid/2r962mng-1j0s-1wsx-2sz4-2kjh2qsb2c6n", "a/b");
  g_autofree char *name = NULL;

  name = expect (mesh, HEARD_OFFER_TO, NULL, NULL);
  expect_nothing (mesh);
  expect_of (sky, HEARD_WAIT_FOR, "2r962mng-1j0s-1wsx-2sz4-2kjh2qsb2c6n", NULL);
  person_say (mesh, "{\"event\":\"room\",\"room\":\"%s\"}", ROOM);
  expect_of (mesh, HEARD_LEFT, name, NULL);
  expect_of (sky, HEARD_LEFT, "2r962mng-1j0s-1wsx-2sz4-2kjh2qsb2c6n", NULL);
  g_free (expect (mesh, HEARD_OFFER_TO, NULL, NULL));
  expect_of (wen, HEARD_WAIT_FOR, "2r962mng-1j0s-1wsx-2sz4-2kjh2qsb2c6n", NULL);

  /* twice, empty, no text, too long */
  person_say (mesh, "{\"event\":\"room\",\"room\":\"%s\"}", ROOM);
  person_say (mesh, "{\"event\":\"room\",\"room\":\"\"}");
  person_say (mesh, "{\"event\":\"room\",\"room\":7}");
  person_say (mesh, "{\"event\":\"room\"}");
  person_say (mesh, "{\"event\":\"room\",\"room\":\"%0300d\"}", 0);
  expect_nothing (mesh);
  expect_nothing (wen);
  expect_nothing (sky);
  person_free (mesh);
  drain (wen);
  person_free (wen);
  person_free (sky);
}

/* A page that is loaded again before its old line is found dead is somebody new. */
static void
test_mesh_twin (Fixture *f,
                gconstpointer data)
{
  Person *sky = enter (f, SKYRTC, ROOM);
  Person *mesh = enter (f, RTCMESH, ROOM);
  g_autofree char *path = g_strconcat ("/uid/", mesh->self, NULL);
  Person *twin;

  drain (mesh);
  expect_of (sky, HEARD_WAIT_FOR, mesh->self, NULL);
  twin = person_new (&tongues[RTCMESH], mesh->dialect, path, ROOM);
  expect_of (sky, HEARD_LEFT, mesh->self, NULL);
  expect_of (sky, HEARD_WAIT_FOR, mesh->self, NULL);
  g_free (expect (twin, HEARD_LEFT, NULL, NULL));
  g_free (expect (twin, HEARD_OFFER_TO, NULL, NULL));
  expect_nothing (twin);
  person_free (mesh);
  expect_nothing (sky);
  person_free (twin);
  drain (sky);
  person_free (sky);
}

/* Nobody comes in by an id that the bridge has made up for somebody. */
static void
test_made_up_id (Fixture *f,
                 gconstpointer data)
{
  AlcoveDialect *skyrtc = f->dialects[tongues[SKYRTC].dialect];
  AlcoveDialect *rtcmesh = f->dialects[tongues[RTCMESH].dialect];
  g_autoptr (FakeClient) short_id = fake_client_new ();
  g_autoptr (FakeClient) thief = fake_client_new ();
  Person *mesh = enter (f, RTCMESH, ROOM);
  g_autofree char *name = NULL;
  g_autofree char *path = NULL;

  alcove_dialect_opened (skyrtc, ALCOVE_SERVER_CLIENT (short_id), "/ws/me");
  alcove_dialect_message (skyrtc, ALCOVE_SERVER_CLIENT (short_id),
                          "{\"eventName\":\"__join__\",\"data\":{\"room\":\"" ROOM "\"}}");
  name = expect (mesh, HEARD_OFFER_TO, NULL, NULL);
  g_assert_cmpuint (strlen (name), ==, ALCOVE_BRIDGE_ID_LENGTH);

  path = g_strconcat ("/uid/", name, NULL);
  alcove_dialect_opened (rtcmesh, ALCOVE_SERVER_CLIENT (thief), path);
  g_assert_cmpuint (fake_client_get_close_code (thief), ==, ALCOVE_SERVER_CLOSE_POLICY);
  alcove_dialect_closed (rtcmesh, ALCOVE_SERVER_CLIENT (thief));
  expect_nothing (mesh);

  alcove_dialect_closed (skyrtc, ALCOVE_SERVER_CLIENT (short_id));
  expect_of (mesh, HEARD_LEFT, name, NULL);
  /* and it is free again */
  g_assert_false (alcove_bridge_is_id_taken (alcove_hub_get_bridge (f->hub), name));
  person_free (mesh);
}

/* A room takes no more across dialects than the hub takes into one of its own. */
static void
test_full (Fixture *f,
           gconstpointer data)
{
  Person *people[MAX_MEMBERS];
  Person *late;
  Person *later;

  for (guint i = 0; i < MAX_MEMBERS; i++)
    people[i] = enter (f, RTCMESH, ROOM);
  late = enter (f, SKYRTC, ROOM);
  later = enter (f, SKYRTC, ROOM);
  g_free (expect (later, HEARD_OFFER_TO, NULL, NULL));
  expect_nothing (later);
  g_free (expect (late, HEARD_WAIT_FOR, NULL, NULL));
  expect_nothing (late);
  for (guint i = 0; i < MAX_MEMBERS; i++)
    person_free (people[i]);
  expect_nothing (late);
  person_free (later);
  drain (late);
  person_free (late);
}

/* The dispatcher's own words: a call and its end say nothing to others, a close takes the
 * guest away from it, and whoever takes a guest's name by hand is refused. */
static void
test_dispatcher (Fixture *f,
                 gconstpointer data)
{
  Person *root = enter (f, DISPATCHER, ROOM);
  Person *sky = enter (f, SKYRTC, ROOM);
  Person *guest;
  g_autofree char *name = expect (sky, HEARD_OFFER_TO, NULL, NULL);
  g_autofree char *guest_name = NULL;
  g_autofree char *text = NULL;

  sky->tongue->describe (sky, name, TRUE, OFFER);
  guest_name = expect (root, HEARD_OFFER, NULL, OFFER_HEARD);
  g_assert_true (g_str_has_prefix (guest_name, "guest-"));
  g_assert_cmpuint (strlen (guest_name), <, ALCOVE_BRIDGE_ID_LENGTH);
  guest = person_new (&tongues[GUEST], root->dialect, NULL, "nowhere");
  text = fake_client_take (guest->client);
  person_say (guest, "{\"code\":2001,\"value\":{\"room_name\":\"%s\",\"username\":\"%s\"},"
                     "\"message\":\"\"}", ROOM, guest_name);
  g_free (text);
  text = fake_client_take (guest->client);
  g_assert_nonnull (strstr (text, "-10000"));

  person_say (root, "{\"code\":2222,\"value\":{\"username\":\"%s\"},\"message\":\"x\"}",
              guest_name);
  person_say (root, "{\"code\":3001,\"value\":{\"username\":\"%s\"},\"message\":\"\"}",
              guest_name);
  expect_nothing (root);
  expect_nothing (sky);
  person_say (root, "{\"code\":3002,\"value\":{\"username\":\"%s\"},\"message\":\"\"}",
              guest_name);
  expect_of (root, HEARD_LEFT, guest_name, NULL);
  expect_of (sky, HEARD_LEFT, name, NULL);
  sky->tongue->describe (sky, name, TRUE, OFFER);
  expect_nothing (root);
  person_free (guest);
  expect_nothing (root);

  /* back after a loss: told as one who came later, and the same to the root */
  person_free (root);
  root = enter (f, DISPATCHER, ROOM);
  g_free (name);
  name = expect (sky, HEARD_OFFER_TO, NULL, NULL);
  sky->tongue->describe (sky, name, TRUE, OFFER);
  expect_of (root, HEARD_OFFER, guest_name, OFFER_HEARD);
  person_free (sky);
  expect_of (root, HEARD_LEFT, guest_name, NULL);
  person_free (root);
}

/* Page for two: an offer without a target is for everybody. */
static void
test_untargeted (Fixture *f,
                 gconstpointer data)
{
  Person *sky = enter (f, SKYRTC, ROOM);
  Person *sig = enter (f, RTCSIGNAL, ROOM);
  g_autofree char *name = expect (sky, HEARD_WAIT_FOR, NULL, NULL);

  drain (sig);
  person_say (sig, "[\"broadcast\",{\"userId\":\"%s\",\"msgType\":1,\"sdp\":\"x\"}]", sig->self);
  expect_of (sky, HEARD_OFFER, name, "x");
  person_say (sig, "[\"broadcast\",{\"userId\":\"%s\",\"msgType\":16}]", sig->self);
  person_say (sig, "[\"broadcast\",{\"userId\":\"%s\",\"msgType\":4}]", sig->self);
  person_say (sig, "[\"broadcast\",{\"userId\":\"%s\",\"msgType\":3,\"candidate\":\"\","
                   "\"label\":0}]", sig->self);
  expect_nothing (sky);
  person_free (sig);
  drain (sky);
  person_free (sky);
}

static const char *
find_cell (const Case *c)
{
  Fixture f = { 0 };
  Meeting m = { 0 };
  const char *cell;

  if (tongues[c->first].dialect == tongues[c->newcomer].dialect)
    return "–";

  set_up (&f, NULL);
  if (c->first == GUEST || c->newcomer == GUEST)
    {
      check_guest (&f, c);
      cell = "apart";
    }
  else
    {
      meeting_begin (&f, c, &m);
      exchange (&m);
      cell = m.offerer == m.first ? "first offers" : "newcomer offers";
      meeting_end (&m);
    }
  tear_down (&f, NULL);
  return cell;
}

static char *
make_table (void)
{
  GString *table = g_string_new ("| first / newcomer |");

  for (guint i = 0; i < N_TONGUES; i++)
    g_string_append_printf (table, " %s |", tongues[i].title);
  g_string_append (table, "\n| --- |");
  for (guint i = 0; i < N_TONGUES; i++)
    g_string_append (table, " --- |");
  for (guint first = 0; first < N_TONGUES; first++)
    {
      g_string_append_printf (table, "\n| %s |", tongues[first].title);
      for (guint newcomer = 0; newcomer < N_TONGUES; newcomer++)
        {
          Case c = { first, newcomer };

          g_string_append_printf (table, " %s |", find_cell (&c));
        }
    }
  g_string_append_c (table, '\n');
  return g_string_free (table, FALSE);
}

static void
test_readme (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "README.md", NULL);
  g_autofree char *table = make_table ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  if (strstr (text, table) == NULL)
    g_test_message ("README.md has another table than this:\n%s", table);
  g_assert_nonnull (strstr (text, table));
}

static void
add_case (Case *c,
          const char *what,
          void (*run) (Fixture *, gconstpointer))
{
  g_autofree char *path = g_strdup_printf ("/bridge/%s, then %s/%s", tongues[c->first].title,
                                           tongues[c->newcomer].title, what);

  g_test_add_vtable (path, sizeof (Fixture), c, (GTestFixtureFunc) (void *) set_up,
                     (GTestFixtureFunc) (void *) run, (GTestFixtureFunc) (void *) tear_down);
}

int
main (int argc,
      char **argv)
{
  Case cases[N_TONGUES * N_TONGUES];

  if (argc > 1 && strcmp (argv[1], "--table") == 0)
    {
      g_autofree char *table = make_table ();

      /* in UTF-8, whatever the locale */
      fputs (table, stdout);
      return EXIT_SUCCESS;
    }

  g_test_init (&argc, &argv, NULL);

  for (guint first = 0; first < N_TONGUES; first++)
    for (guint newcomer = 0; newcomer < N_TONGUES; newcomer++)
      {
        Case *c = &cases[first * N_TONGUES + newcomer];

        c->first = first;
        c->newcomer = newcomer;
        if (tongues[first].dialect == tongues[newcomer].dialect)
          continue;
        if (first == GUEST || newcomer == GUEST)
          {
            add_case (c, "apart", test_guest);
            continue;
          }
        add_case (c, "join", test_join);
        add_case (c, "offer", test_offer);
        add_case (c, "candidates", test_candidates);
        add_case (c, "leave", test_leave);
        add_case (c, "drop", test_drop);
        add_case (c, "rooms", test_rooms);
      }

#define ADD(path, func) g_test_add (path, Fixture, NULL, set_up, func, tear_down)
  ADD ("/bridge/no-room", test_no_room);
  ADD ("/bridge/mesh-room", test_mesh_room);
  ADD ("/bridge/mesh-twin", test_mesh_twin);
  ADD ("/bridge/made-up-id", test_made_up_id);
  ADD ("/bridge/full", test_full);
  ADD ("/bridge/dispatcher", test_dispatcher);
  ADD ("/bridge/untargeted", test_untargeted);
#undef ADD
  g_test_add_func ("/bridge/readme", test_readme);

  return g_test_run ();
}
