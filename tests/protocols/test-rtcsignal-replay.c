/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "rtcsignal-client.h"

/* The recorded runs, with the signaller in the place of each client. */

/* What an event must come out as, by the sheet: written apart from the signaller. */
typedef struct {
  GHashTable *here;
  GHashTable *asked;
  char *self;
  gboolean joined;
} Model;

static void
expect_broadcast (GString *expected,
                  Model *model,
                  const AlcoveRtcsignalMessage *message)
{
  const char *id = message->user;
  gboolean targeted = message->target != NULL;
  gboolean known = g_hash_table_contains (model->here, id);

  if (strcmp (id, model->self) == 0 || (targeted && strcmp (message->target, model->self) != 0))
    return;
  if (!model->joined)
    {
      g_string_append (expected, targeted ? " problem:unexpected" : "");
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_OFFER:
      if (g_hash_table_contains (model->asked, id))
        {
          g_string_append (expected, " problem:unexpected");
          break;
        }
      if (g_hash_table_add (model->here, g_strdup (id)))
        g_string_append_printf (expected, " wait:%s", id);
      g_string_append_printf (expected, " offer:%s", id);
      break;
    case ALCOVE_RTCSIGNAL_ANSWER:
      if (g_hash_table_remove (model->asked, id))
        g_string_append_printf (expected, " answer:%s", id);
      else if (targeted)
        g_string_append (expected, known ? " problem:unexpected" : " problem:unknown-peer");
      break;
    case ALCOVE_RTCSIGNAL_CANDIDATE:
      if (known)
        g_string_append_printf (expected, " candidate%d/%s:%s", message->label, message->mid, id);
      else if (targeted)
        g_string_append (expected, " problem:unknown-peer");
      break;
    case ALCOVE_RTCSIGNAL_HANG_UP:
      g_hash_table_remove (model->asked, id);
      if (known)
        g_string_append_printf (expected, " hung-up:%s", id);
      break;
    default:
      break;
    }
}

static void
expect (GString *expected,
        Model *model,
        const AlcoveRtcsignalMessage *message)
{
  if (message == NULL)
    {
      g_string_append (expected, " problem:malformed");
      return;
    }

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_USER_JOINED:
      if (strcmp (message->user, model->self) == 0)
        {
          if (!model->joined)
            g_string_append_printf (expected, " joined:%s", model->self);
          model->joined = TRUE;
        }
      else if (model->joined && *message->user != '\0')
        {
          g_hash_table_add (model->here, g_strdup (message->user));
          g_hash_table_remove (model->asked, message->user);
          g_string_append_printf (expected, " call:%s", message->user);
        }
      break;
    case ALCOVE_RTCSIGNAL_USER_LEFT:
      g_hash_table_remove (model->asked, message->user);
      if (g_hash_table_remove (model->here, message->user))
        g_string_append_printf (expected, " left:%s", message->user);
      break;
    default:
      expect_broadcast (expected, model, message);
      break;
    }
}

/* What the recorded client says is what the room asks of us. A page for two names no
 * target; where there is but one it can mean, it is that one. */
static void
take_part (Scripted *f,
           Model *model,
           const char *text)
{
  g_autoptr (AlcoveRtcsignalMessage) message = alcove_rtcsignal_message_decode (text, TRUE, NULL);
  g_autofree char *target = NULL;

  if (message == NULL || !model->joined || g_strcmp0 (message->user, model->self) != 0)
    return;

  target = g_strdup (message->target);
  if (target == NULL && g_hash_table_size (model->here) == 1)
    {
      g_autoptr (GList) keys = g_hash_table_get_keys (model->here);

      target = g_strdup (keys->data);
    }
  if (target == NULL || !g_hash_table_contains (model->here, target))
    return;

  switch (message->kind)
    {
    case ALCOVE_RTCSIGNAL_OFFER:
      g_hash_table_add (model->asked, g_strdup (target));
      alcove_signaller_send_description (f->signaller, target, ALCOVE_DESCRIPTION_OFFER,
                                         message->sdp);
      break;
    case ALCOVE_RTCSIGNAL_ANSWER:
      g_hash_table_remove (model->asked, target);
      alcove_signaller_send_description (f->signaller, target, ALCOVE_DESCRIPTION_ANSWER,
                                         message->sdp);
      break;
    case ALCOVE_RTCSIGNAL_CANDIDATE:
      alcove_signaller_send_candidate (f->signaller, target, message->mid, message->label,
                                       message->candidate);
      break;
    default:
      return;
    }

  if (message->target != NULL)
    g_assert_true (same_json (scripted_last_sent (f), text));
}

/* One connection of a recording, as its own user, whose id is put in place of the recorded one. */
static guint
replay (GPtrArray *events,
        guint start)
{
  const RecordedFrame *first = g_ptr_array_index (events, start);
  g_autoptr (AlcoveRtcsignalMessage) entry
      = alcove_rtcsignal_message_decode (first->frame, TRUE, NULL);
  g_autoptr (GString) expected = g_string_new (NULL);
  Scripted *f = client_new ();
  Model model = { g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL),
                  g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL), NULL, FALSE };
  guint n_events = 0;

  scripted_connect_and_open (f, *entry->room != '\0' ? entry->room : "x", "Me", ALCOVE_ROLE_MEMBER);
  model.self = own_id (f);

  for (guint i = start; i < events->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (events, i);
      g_autoptr (AlcoveRtcsignalMessage) message = NULL;
      g_autofree char *text = NULL;

      if (strcmp (frame->connection, first->connection) != 0)
        continue;
      text = substitute (frame->frame, entry->user, model.self);
      if (frame->from_client)
        {
          take_part (f, &model, text);
          continue;
        }

      message = alcove_rtcsignal_message_decode (text, FALSE, NULL);
      expect (expected, &model, message);
      scripted_receive (f, text);
      n_events++;
    }

  g_assert_cmpstr (f->log->str, ==, expected->len > 0 ? expected->str + 1 : "");
  g_hash_table_unref (model.here);
  g_hash_table_unref (model.asked);
  g_free (model.self);
  scripted_free (f);
  return n_events;
}

typedef struct {
  const char *name;
  guint n_joins;
  guint n_events;
} Recording;

static const Recording recordings[] = {
  { "rtcsignal.jsonl", 25, 139 },
  { "browser-rtcsignal-multiple.jsonl", 3, 64 },
  { "browser-rtcsignal-one-to-one.jsonl", 2, 17 },
};

static void
test_recording (gconstpointer data)
{
  const Recording *recording = data;
  g_autoptr (GPtrArray) events = socketio_recording_load ("rtcsignal", recording->name);
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  guint n_joins = 0;
  guint n_events = 0;

  for (guint i = 0; i < events->len; i++)
    {
      const RecordedFrame *frame = g_ptr_array_index (events, i);
      g_autoptr (AlcoveRtcsignalMessage) message
          = alcove_rtcsignal_message_decode (frame->frame, frame->from_client, NULL);

      if (!frame->from_client || message == NULL || message->kind != ALCOVE_RTCSIGNAL_JOIN_ROOM
          || !g_hash_table_add (seen, frame->connection))
        continue;
      n_joins++;
      n_events += replay (events, i);
    }

  g_test_message ("%s: %u, %u", recording->name, n_joins, n_events);
  g_assert_cmpuint (n_joins, ==, recording->n_joins);
  g_assert_cmpuint (n_events, ==, recording->n_events);
}

int
main (int argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (recordings); i++)
    {
      g_autofree char *path = g_strconcat ("/rtcsignal/client/", recordings[i].name, NULL);

      g_test_add_data_func (path, &recordings[i], test_recording);
    }
  return g_test_run ();
}
