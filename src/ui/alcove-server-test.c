/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-server-test"

#include "config.h"

#include "alcove-server-test.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-protocols.h"

/* How long a server has to take our leave; it has answered already. */
#define LEAVE_TIMEOUT_MS 2000

/*
 * Tries a server: connects in its protocol, joins a room that nobody else knows of, and
 * leaves it again.
 */

typedef struct {
  const AlcoveProtocol *protocol;
  AlcoveTrust *trust;
  AlcoveSignaller *signaller;
  GUri *uri;
  GError *error;
  gint64 start;
  gint64 joined;
  gulong cancelled_id;
  guint timeout_id;
  guint leave_id;
  guint idle_id;
} Test;

static void
test_free (gpointer data)
{
  Test *test = data;

  g_clear_handle_id (&test->timeout_id, g_source_remove);
  g_clear_handle_id (&test->leave_id, g_source_remove);
  g_clear_handle_id (&test->idle_id, g_source_remove);
  g_clear_object (&test->signaller);
  g_clear_object (&test->trust);
  g_clear_error (&test->error);
  g_clear_pointer (&test->uri, g_uri_unref);
  g_free (test);
}

static char *
describe (Test *test)
{
  guint ms = (guint) ((test->joined - test->start) / 1000);
  const char *title = _(test->protocol->title);

  if (!g_str_equal (g_uri_get_scheme (test->uri), "wss"))
    /* Translators: %s is a protocol, such as SkyRTC */
    return g_strdup_printf (_("%s answered in %u ms. The connection is not encrypted."), title, ms);
  if (test->trust != NULL && alcove_trust_is_exception (test->trust, test->uri))
    return g_strdup_printf (_("%s answered in %u ms, encrypted with TLS. You accepted the server’s "
                              "certificate yourself."),
                            title, ms);
  return g_strdup_printf (_("%s answered in %u ms, encrypted with TLS."), title, ms);
}

static gboolean
done_cb (gpointer data)
{
  g_autoptr (GTask) task = data;
  Test *test = g_task_get_task_data (task);

  test->idle_id = 0;
  if (test->cancelled_id != 0)
    g_signal_handler_disconnect (g_task_get_cancellable (task), test->cancelled_id);
  test->cancelled_id = 0;

  if (test->error != NULL)
    g_task_return_error (task, g_steal_pointer (&test->error));
  else if (!g_task_return_error_if_cancelled (task))
    g_task_return_pointer (task, describe (test), g_free);
  return G_SOURCE_REMOVE;
}

/* Ends the test, but not within the handler of a signal, whose sender goes with it. */
static void
finish (GTask *task,
        const GError *error)
{
  Test *test = g_task_get_task_data (task);

  if (test->signaller != NULL)
    g_signal_handlers_disconnect_by_data (test->signaller, task);
  g_clear_handle_id (&test->timeout_id, g_source_remove);
  g_clear_handle_id (&test->leave_id, g_source_remove);
  if (test->idle_id != 0)
    return;

  if (error != NULL)
    test->error = g_error_copy (error);
  test->idle_id = g_idle_add (done_cb, task);
}

static void
cancelled_cb (GCancellable *cancellable,
              GTask *task)
{
  finish (task, NULL);
}

static gboolean
timeout_cb (gpointer data)
{
  GTask *task = data;
  Test *test = g_task_get_task_data (task);
  g_autoptr (GError) error = NULL;

  test->timeout_id = 0;
  error = g_error_new (ALCOVE_ERROR, ALCOVE_ERROR_TIMED_OUT, _("%s did not answer in time."),
                       g_uri_get_host (test->uri));
  finish (task, error);
  return G_SOURCE_REMOVE;
}

static gboolean
leave_timeout_cb (gpointer data)
{
  GTask *task = data;

  ((Test *) g_task_get_task_data (task))->leave_id = 0;
  finish (task, NULL);
  return G_SOURCE_REMOVE;
}

static void
failed_cb (AlcoveSignaller *signaller,
           const GError *error,
           GTask *task)
{
  Test *test = g_task_get_task_data (task);

  finish (task, test->joined != 0 ? NULL : error);
}

static void
left_cb (AlcoveSignaller *signaller,
         GTask *task)
{
  finish (task, NULL);
}

static void
joined_cb (AlcoveSignaller *signaller,
           const char *self_id,
           GTask *task)
{
  Test *test = g_task_get_task_data (task);

  if (test->joined != 0)
    return;

  test->joined = g_get_monotonic_time ();
  g_clear_handle_id (&test->timeout_id, g_source_remove);
  test->leave_id = g_timeout_add (LEAVE_TIMEOUT_MS, leave_timeout_cb, task);
  alcove_signaller_leave (signaller);
}

/**
 * alcove_server_test_async:
 * @protocol: a protocol id
 * @address: the server's address, as typed
 * @trust: (nullable): the certificates accepted as exceptions
 * @cancellable: (nullable): ends the test early
 * @callback: called in this thread's main context
 * @data: handed to @callback
 *
 * Really connects to a server and joins a room with a name that nobody else has. Where the
 * protocol has roles it joins as the dispatcher, because a guest waits for one; where it has
 * no rooms, the others see somebody come and go.
 */
void
alcove_server_test_async (const char *protocol,
                          const char *address,
                          AlcoveTrust *trust,
                          GCancellable *cancellable,
                          GAsyncReadyCallback callback,
                          gpointer data)
{
  GTask *task = g_task_new (NULL, cancellable, callback, data);
  Test *test = g_new0 (Test, 1);
  g_autofree char *complete = NULL;
  g_autofree char *uuid = g_uuid_string_random ();
  g_autofree char *room = g_strconcat ("alcove-test-", uuid, NULL);
  g_autoptr (GError) error = NULL;

  g_task_set_source_tag (task, alcove_server_test_async);
  g_task_set_task_data (task, test, test_free);
  test->protocol = alcove_protocols_find (protocol);
  g_set_object (&test->trust, trust);
  test->signaller = alcove_protocols_new_signaller (protocol, address, &error);
  if (test->signaller != NULL)
    complete = alcove_protocols_complete_address (protocol, address, &error);
  if (complete != NULL)
    test->uri = g_uri_parse (complete, G_URI_FLAGS_ENCODED, &error);
  if (test->uri == NULL)
    {
      finish (task, error);
      return;
    }

  alcove_signaller_set_trust (test->signaller, trust);
  if (trust != NULL)
    alcove_trust_clear_refused (trust);
  g_signal_connect (test->signaller, "joined", G_CALLBACK (joined_cb), task);
  g_signal_connect (test->signaller, "failed", G_CALLBACK (failed_cb), task);
  g_signal_connect (test->signaller, "left", G_CALLBACK (left_cb), task);
  if (cancellable != NULL)
    test->cancelled_id = g_signal_connect (cancellable, "cancelled", G_CALLBACK (cancelled_cb), task);
  test->timeout_id = g_timeout_add (ALCOVE_SERVER_TEST_TIMEOUT_MS, timeout_cb, task);
  test->start = g_get_monotonic_time ();
  alcove_signaller_connect (test->signaller, room, "Alcove",
                            test->protocol->has_roles ? ALCOVE_ROLE_DISPATCHER
                                                      : ALCOVE_ROLE_MEMBER);
}

/**
 * alcove_server_test_finish:
 * @result: what the callback was given
 * @error: why the server is of no use, as a plain sentence
 *
 * Returns: (transfer full) (nullable): a plain sentence on what answered
 */
char *
alcove_server_test_finish (GAsyncResult *result,
                           GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
