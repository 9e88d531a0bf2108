/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-launch"

#include "config.h"

#include "alcove-launch.h"

#include <glib/gi18n.h>

#include "alcove-error.h"
#include "alcove-ice-server.h"
#include "alcove-protocols.h"
#include "alcove-trust.h"

#define MAX_SIZE 4096
#define MAX_FPS 60

static const GOptionEntry entries[] = {
  { "version", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the version and exit"), NULL },
  { "kiosk", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Show the room full screen, for a wall"), NULL },
  { "protocol", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Signalling protocol"), N_ ("ID") },
  { "server", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Address of the server"), N_ ("URL") },
  { "host", 0, 0, G_OPTION_ARG_NONE, NULL, N_ ("Hold the room on this computer"), NULL },
  { "room", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Room to join"), N_ ("NAME") },
  { "name", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Own name"), N_ ("NAME") },
  { "role", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Role: member or dispatcher"), N_ ("ROLE") },
  { "video", 0, 0, G_OPTION_ARG_STRING, NULL,
    N_ ("What to show: none, test, camera or file:PATH"), N_ ("SOURCE") },
  { "audio", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("What to say: none, test, mic or file:PATH"),
    N_ ("SOURCE") },
  { "playout", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Sound output: auto, none or speaker:ID"), N_ ("OUTPUT") },
  { "size", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("Size of the picture sent"), N_ ("WxH") },
  { "fps", 0, 0, G_OPTION_ARG_INT, NULL, N_ ("Frame rate of the picture sent"), N_ ("N") },
  { "stun", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("STUN server"), N_ ("URL") },
  { "turn", 0, 0, G_OPTION_ARG_STRING, NULL, N_ ("TURN server"), N_ ("URL") },
  { "accept-certificate", 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL,
    N_ ("Accept a server’s certificate with this SHA-256 fingerprint"), N_ ("FINGERPRINT") },
  { G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, NULL, NULL, NULL },
  { NULL },
};

static char *
lookup (GVariantDict *options,
        const char *key)
{
  char *value = NULL;

  g_variant_dict_lookup (options, key, "s", &value);

  return value;
}

static gboolean G_GNUC_PRINTF (2, 3)
fail (GError **error,
      const char *format,
      ...)
{
  va_list args;

  va_start (args, format);
  if (error != NULL)
    *error = g_error_new_valist (ALCOVE_ERROR, ALCOVE_ERROR_FAILED, format, args);
  va_end (args);

  return FALSE;
}

static gboolean
check (AlcoveLaunch *self,
       const char *role,
       GError **error)
{
  int width, height;

  if (self->join->protocol != NULL && alcove_protocols_find (self->join->protocol) == NULL)
    return fail (error, _("There is no protocol “%s”."), self->join->protocol);
  if (role != NULL && !g_str_equal (role, "member") && !g_str_equal (role, "dispatcher"))
    return fail (error, _("There is no role “%s”. Use member or dispatcher."), role);
  if (self->size != NULL && !alcove_launch_parse_size (self->size, &width, &height))
    return fail (error, _("“%s” is no picture size. Write it as 640x360."), self->size);
  if (self->fps < 0 || self->fps > MAX_FPS)
    return fail (error, "%s", _("The frame rate must be from 1 to 60."));

  for (guint i = 0; self->accept_certificates != NULL && self->accept_certificates[i] != NULL; i++)
    {
      g_autoptr (AlcoveTrust) trust = alcove_trust_new ();

      if (!alcove_trust_add_fingerprint (trust, self->accept_certificates[i], error))
        return FALSE;
    }

  return alcove_ice_servers_check (self->stun, self->turn, FALSE, error);
}

/**
 * alcove_launch_get_entries:
 *
 * Returns: (transfer none): the options of the command line
 */
const GOptionEntry *
alcove_launch_get_entries (void)
{
  return entries;
}

/**
 * alcove_launch_new:
 * @options: the options that were given
 * @error: where to put an error of %ALCOVE_ERROR
 *
 * Returns: (transfer full) (nullable): what they say, or %NULL if they make no sense
 */
AlcoveLaunch *
alcove_launch_new (GVariantDict *options,
                   GError **error)
{
  g_autoptr (AlcoveLaunch) self = g_new0 (AlcoveLaunch, 1);
  g_autofree char *role = lookup (options, "role");
  gboolean host = FALSE;

  self->join = alcove_join_new ();
  g_variant_dict_lookup (options, "kiosk", "b", &self->kiosk);
  g_variant_dict_lookup (options, "host", "b", &host);
  g_variant_dict_lookup (options, "fps", "i", &self->fps);
  self->join->protocol = lookup (options, "protocol");
  self->join->server = lookup (options, "server");
  self->join->room = lookup (options, "room");
  self->join->name = lookup (options, "name");
  self->video = lookup (options, "video");
  self->audio = lookup (options, "audio");
  self->playout = lookup (options, "playout");
  self->size = lookup (options, "size");
  self->stun = lookup (options, "stun");
  self->turn = lookup (options, "turn");
  g_variant_dict_lookup (options, "accept-certificate", "^as", &self->accept_certificates);

  if (!check (self, role, error))
    return NULL;

  if (g_strcmp0 (role, "dispatcher") == 0)
    self->join->role = ALCOVE_ROLE_DISPATCHER;
  if (self->join->server != NULL)
    self->join->where = ALCOVE_WHERE_SERVER;
  self->join->persistent = self->kiosk;
  self->given = host || self->join->server != NULL;
  self->join->passing = self->given;

  return g_steal_pointer (&self);
}

/**
 * alcove_launch_parse_size:
 * @text: such as `640x360`
 * @width: (out): in pixels
 * @height: (out): in pixels
 *
 * Returns: whether @text is a size that can be sent
 */
gboolean
alcove_launch_parse_size (const char *text,
                          int *width,
                          int *height)
{
  g_auto (GStrv) parts = g_strsplit (text, "x", 3);
  guint64 w, h;

  if (g_strv_length (parts) != 2
      || !g_ascii_string_to_unsigned (parts[0], 10, 16, MAX_SIZE, &w, NULL)
      || !g_ascii_string_to_unsigned (parts[1], 10, 16, MAX_SIZE, &h, NULL))
    return FALSE;

  *width = (int) w;
  *height = (int) h;

  return TRUE;
}

/**
 * alcove_launch_free:
 * @self: (transfer full): what the command line said
 */
void
alcove_launch_free (AlcoveLaunch *self)
{
  g_clear_pointer (&self->join, alcove_join_free);
  g_free (self->video);
  g_free (self->audio);
  g_free (self->playout);
  g_free (self->size);
  g_free (self->stun);
  g_free (self->turn);
  g_strfreev (self->accept_certificates);
  g_free (self);
}
