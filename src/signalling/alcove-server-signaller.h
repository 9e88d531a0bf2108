/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-error.h"
#include "alcove-signaller.h"
#include "alcove-transport.h"

G_BEGIN_DECLS

#define ALCOVE_TYPE_SERVER_SIGNALLER (alcove_server_signaller_get_type ())
G_DECLARE_DERIVABLE_TYPE (AlcoveServerSignaller,
                          alcove_server_signaller,
                          ALCOVE,
                          SERVER_SIGNALLER,
                          AlcoveSignaller)

/**
 * AlcoveServerSignallerClass:
 * @check_room: (nullable): whether the room of that name can be entered at all; @room is text
 *   that is not empty and not over `max_room`
 * @build_uri: (nullable) (transfer full): the address of the next attempt, if it is not simply
 *   that of the server
 * @enter: the connection is open: asks to be let in. The subclass says
 *   alcove_server_signaller_entered() when it is
 * @message: one text message, while we are neither leaving nor over
 * @lost: (nullable): the connection is gone, and with it whatever was under way
 * @stop: (nullable): we leave, or it is over: nothing is to be begun any more
 * @farewell: (nullable): sends what says good-bye, before the connection is flushed and
 *   closed; only asked for in a room
 * @max_room: the most bytes of a room's name
 * @wrong_protocol: the sentence, marked for translation, for a server that does not let us in
 *
 * What a protocol adds to a membership on a server.
 */
struct _AlcoveServerSignallerClass {
  AlcoveSignallerClass parent_class;

  gboolean (*check_room) (AlcoveServerSignaller *self,
                          const char            *room,
                          GError               **error);
  char    *(*build_uri)  (AlcoveServerSignaller *self,
                          GUri                  *server);
  void     (*enter)      (AlcoveServerSignaller *self);
  void     (*message)    (AlcoveServerSignaller *self,
                          const char            *text);
  void     (*lost)       (AlcoveServerSignaller *self);
  void     (*stop)       (AlcoveServerSignaller *self);
  void     (*farewell)   (AlcoveServerSignaller *self);

  gsize max_room;
  const char *wrong_protocol;
};

const char *alcove_server_signaller_get_room      (AlcoveServerSignaller *self);
gboolean    alcove_server_signaller_is_joined     (AlcoveServerSignaller *self);
gboolean    alcove_server_signaller_was_joined    (AlcoveServerSignaller *self);
gboolean    alcove_server_signaller_gives_up      (AlcoveServerSignaller *self);
void        alcove_server_signaller_set_join_wait (AlcoveServerSignaller *self,
                                                   guint                  milliseconds);
void        alcove_server_signaller_send          (AlcoveServerSignaller *self,
                                                   const char            *text);
void        alcove_server_signaller_await_entry   (AlcoveServerSignaller *self);
gboolean    alcove_server_signaller_is_awaited    (AlcoveServerSignaller *self);
void        alcove_server_signaller_refused       (AlcoveServerSignaller *self);
gboolean    alcove_server_signaller_entered       (AlcoveServerSignaller *self,
                                                   const char            *self_id);
void        alcove_server_signaller_announced     (AlcoveServerSignaller *self);
void        alcove_server_signaller_exited        (AlcoveServerSignaller *self);
void        alcove_server_signaller_fail          (AlcoveServerSignaller *self,
                                                   AlcoveError            code,
                                                   const char            *sentence);
void        alcove_server_signaller_report        (AlcoveServerSignaller *self,
                                                   AlcoveError            code,
                                                   const char            *sentence);
void        alcove_server_signaller_report_error  (AlcoveServerSignaller *self,
                                                   const GError          *error);
void        alcove_server_signaller_restart       (AlcoveServerSignaller *self,
                                                   AlcoveError            code,
                                                   const char            *sentence);

G_END_DECLS
