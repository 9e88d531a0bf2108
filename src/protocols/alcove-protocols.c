/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-protocols"

#include "config.h"

#include "alcove-protocols.h"

#include <glib/gi18n.h>

#include "alcove-address.h"
#include "alcove-dispatch-dialect.h"
#include "alcove-dispatch-signaller.h"
#include "alcove-error.h"
#include "alcove-rtcmesh-dialect.h"
#include "alcove-rtcmesh-signaller.h"
#include "alcove-rtcsignal-dialect.h"
#include "alcove-rtcsignal-signaller.h"
#include "alcove-skyrtc-dialect.h"
#include "alcove-skyrtc-signaller.h"
#include "alcove-webrtcroom-dialect.h"
#include "alcove-webrtcroom-signaller.h"

/* The one place that names all protocols. Ports and paths are those of the original servers. */
static const AlcoveProtocol protocols[] = {
  {
      .id = "skyrtc",
      .title = "SkyRTC",
      .summary = N_ ("Rooms on a SkyRTC server. Whether it is the Python or the node one shows on joining"),
      .default_port = 8888,
      .default_path = "/",
      .new_signaller = alcove_skyrtc_signaller_new,
      .new_dialect = alcove_skyrtc_dialect_new,
  },
  {
      .id = "webrtcroom",
      .title = "WebRtcRoomServer",
      .summary = N_ ("Rooms on a WebRtcRoomServer, over Socket.IO"),
      .default_port = 8443,
      .default_path = "/socket.io/",
      .new_signaller = alcove_webrtcroom_signaller_new,
      .new_dialect = alcove_webrtcroom_dialect_new,
  },
  {
      .id = "rtcmesh",
      .title = "rtc mesh",
      .summary = N_ ("One mesh of all who connect to a server"),
      .default_port = 5000,
      .default_path = "/uid/",
      .id_hint = N_ ("Leave it empty for a new one each time; else 36 letters, digits or dashes"),
      .new_signaller = alcove_rtcmesh_signaller_new,
      .new_dialect = alcove_rtcmesh_dialect_new,
  },
  {
      .id = "rtcsignal",
      .title = "RTCSignalServer",
      .summary = N_ ("Rooms on an RTCSignalServer, over Socket.IO"),
      .default_port = 8080,
      .default_path = "/socket.io/",
      .new_signaller = alcove_rtcsignal_signaller_new,
      .new_dialect = alcove_rtcsignal_dialect_new,
      .id_hint = N_ ("How your id begins. Its end is new each time, or pages of this server would not call again"),
  },
  {
      .id = "dispatch",
      .title = N_ ("Dispatch platform"),
      .summary = N_ ("A dispatch centre that calls its guests"),
      .default_port = 5678,
      .default_path = "/ws",
      .has_roles = TRUE,
      .new_signaller = alcove_dispatch_signaller_new,
      .new_dialect = alcove_dispatch_dialect_new,
  },
};

/**
 * alcove_protocols_list:
 * @n_protocols: (out): how many there are
 *
 * Returns: (transfer none) (array length=n_protocols): all protocols, also those
 *   that are not in yet
 */
const AlcoveProtocol *
alcove_protocols_list (gsize *n_protocols)
{
  *n_protocols = G_N_ELEMENTS (protocols);
  return protocols;
}

/**
 * alcove_protocols_find:
 * @id: an id, from a person or a link
 *
 * Returns: (transfer none) (nullable): that protocol, or %NULL if there is none
 */
const AlcoveProtocol *
alcove_protocols_find (const char *id)
{
  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (g_strcmp0 (protocols[i].id, id) == 0)
      return &protocols[i];

  return NULL;
}

/**
 * alcove_protocols_new_signaller:
 * @id: a protocol id, from a person or a link
 * @server: the server's address, as typed
 * @error: return location for an error with a sentence for a person
 *
 * Makes a signaller that is not connected yet.
 *
 * Errors: %ALCOVE_ERROR_FAILED for a protocol that does not exist or is not in
 * yet, and those of alcove_address_parse().
 *
 * Returns: (transfer full): the signaller, or %NULL
 */
AlcoveSignaller *
alcove_protocols_new_signaller (const char *id,
                                const char *server,
                                GError **error)
{
  const AlcoveProtocol *protocol = alcove_protocols_find (id);
  g_autoptr (GUri) address = NULL;

  if (protocol == NULL)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                   _ ("Alcove does not know a protocol named “%s”."), id);
      return NULL;
    }

  if (protocol->new_signaller == NULL)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                   _ ("This version of Alcove does not speak %s yet."), _ (protocol->title));
      return NULL;
    }

  address = alcove_address_parse (server, protocol->default_port, protocol->default_path, error);
  if (address == NULL)
    return NULL;

  return protocol->new_signaller (address);
}

/**
 * alcove_protocols_complete_address:
 * @id: a protocol id
 * @server: the server's address, as typed
 * @error: those of alcove_address_parse(), and %ALCOVE_ERROR_FAILED for a protocol that
 *   does not exist
 *
 * Returns: (transfer full) (nullable): the address with the port and the path of the
 *   protocol's own server where none was typed
 */
char *
alcove_protocols_complete_address (const char *id,
                                   const char *server,
                                   GError **error)
{
  const AlcoveProtocol *protocol = alcove_protocols_find (id);
  g_autoptr (GUri) address = NULL;

  if (protocol == NULL)
    {
      g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_FAILED,
                   _ ("Alcove does not know a protocol named “%s”."), id);
      return NULL;
    }

  address = alcove_address_parse (server, protocol->default_port, protocol->default_path, error);
  return address != NULL ? g_uri_to_string (address) : NULL;
}

/**
 * alcove_protocols_new_server:
 * @limits: (nullable): its bounds
 *
 * Returns: (transfer full): a server that speaks all protocols that are in, not
 *   listening yet
 */
AlcoveServer *
alcove_protocols_new_server (const AlcoveServerLimits *limits)
{
  AlcoveServer *server = alcove_server_new (limits);

  for (gsize i = 0; i < G_N_ELEMENTS (protocols); i++)
    if (protocols[i].new_dialect != NULL)
      {
        g_autoptr (AlcoveDialect) dialect = protocols[i].new_dialect ();

        alcove_server_add_dialect (server, dialect);
      }

  return server;
}
