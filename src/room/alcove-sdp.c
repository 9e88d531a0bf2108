/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "alcove-sdp"

#include "config.h"

#include "alcove-sdp.h"

#include <string.h>

#include <glib/gi18n.h>

#include "alcove-error.h"

/*
 * A reader of the few lines of a session description that the negotiation of
 * a pair depends on. It is deliberately no SDP parser: the link has one, but that
 * one is to see only text that passed here. Descriptions come from strangers, so
 * every count and length is bounded, and nothing here asserts on their content.
 */

/* A description has one fingerprint, a renewed certificate or a second hash
 * makes it two or three. */
#define MAX_FINGERPRINTS 16
#define MAX_TOKEN 255
/* RFC 8839 */
#define MAX_UFRAG 256

typedef struct {
  char *mid;
  gboolean is_media;
  gboolean is_video;
  gboolean port_zero;
  gboolean bundle_only;
  gboolean sends;
  gboolean has_fingerprint;
  guint group; /* 0 for none, else 1 + the index of its BUNDLE line */
  GPtrArray *fingerprints;
} Section;

typedef struct {
  gboolean seen_version;
  gboolean sends; /* of sections that say nothing of it themselves */
  gboolean has_candidates;
  char *session_id;
  GPtrArray *bundles;
  GPtrArray *sections;
  GPtrArray *fingerprints; /* of the session level */
  GPtrArray *ufrags;
} Reader;

static const struct {
  const char *name;
  guint size;
} hashes[] = {
  { "sha-1", 20 }, { "sha-224", 28 }, { "sha-256", 32 }, { "sha-384", 48 }, { "sha-512", 64 },
};

static void
section_free (gpointer data)
{
  Section *self = data;

  g_free (self->mid);
  g_ptr_array_unref (self->fingerprints);
  g_free (self);
}

static void
reader_clear (Reader *self)
{
  g_free (self->session_id);
  g_ptr_array_unref (self->bundles);
  g_ptr_array_unref (self->sections);
  g_ptr_array_unref (self->fingerprints);
  g_clear_pointer (&self->ufrags, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Reader, reader_clear)

static gboolean
fail (const char *what,
      GError **error)
{
  /* Translators: %s is a technical reason, in English. */
  g_set_error (error, ALCOVE_ERROR, ALCOVE_ERROR_SDP_INVALID,
               _ ("A call description could not be read (%s)."), what);
  return FALSE;
}

static void
add_distinct (GPtrArray *array,
              const char *text)
{
  if (!g_ptr_array_find_with_equal_func (array, text, g_str_equal, NULL))
    g_ptr_array_add (array, g_strdup (text));
}

/* `sha-256 AB:CD:…`, RFC 8122. Hashes we don't know are passed over, since a
 * description may carry several; md5 and md2 are forbidden there and thus
 * unknown here. */
static gboolean
read_fingerprint (GPtrArray *fingerprints,
                  const char *value,
                  gboolean *usable,
                  GError **error)
{
  g_autofree char *name = NULL;
  g_autofree char *text = NULL;
  const char *hex = strchr (value, ' ');
  guint size = 0;

  if (hex == NULL)
    return fail ("fingerprint", error);

  name = g_ascii_strdown (value, hex - value);
  while (*hex == ' ')
    hex++;

  for (gsize i = 0; i < G_N_ELEMENTS (hashes); i++)
    if (g_str_equal (name, hashes[i].name))
      size = hashes[i].size;
  if (size == 0)
    return TRUE;

  if (strlen (hex) != size * 3 - 1)
    return fail ("fingerprint length", error);
  for (guint i = 0; i < size * 3 - 1; i++)
    if (i % 3 == 2 ? hex[i] != ':' : !g_ascii_isxdigit (hex[i]))
      return fail ("fingerprint digits", error);

  if (fingerprints->len >= MAX_FINGERPRINTS)
    return fail ("too many fingerprints", error);

  g_autofree char *upper = g_ascii_strup (hex, -1);

  text = g_strconcat (name, " ", upper, NULL);
  add_distinct (fingerprints, text);
  *usable = TRUE;
  return TRUE;
}

static gboolean
read_origin (Reader *self,
             const char *value,
             GError **error)
{
  g_auto (GStrv) fields = NULL;

  if (self->session_id != NULL || self->sections->len > 0)
    return fail ("misplaced origin", error);

  fields = g_strsplit (value, " ", 7);
  if (g_strv_length (fields) < 3 || *fields[1] == '\0' || strlen (fields[1]) > MAX_TOKEN)
    return fail ("origin", error);

  self->session_id = g_strdup (fields[1]);
  return TRUE;
}

static gboolean
read_media (Reader *self,
            const char *value,
            GError **error)
{
  g_auto (GStrv) fields = g_strsplit (value, " ", 4);
  g_autofree char *port_text = NULL;
  guint n_formats = 1;
  Section *section;
  guint64 port;

  if (self->sections->len >= ALCOVE_SDP_MAX_SECTIONS)
    return fail ("too many media sections", error);

  if (g_strv_length (fields) < 4 || *fields[0] == '\0' || *fields[2] == '\0'
      || *fields[3] == '\0')
    return fail ("media line", error);
  for (const char *at = strchr (fields[3], ' '); at != NULL; at = strchr (at + 1, ' '))
    if (++n_formats > ALCOVE_SDP_MAX_FORMATS)
      return fail ("too many formats", error);

  /* `49170/2` gives a count of ports. */
  port_text = g_strndup (fields[1], strcspn (fields[1], "/"));
  if (!g_ascii_string_to_unsigned (port_text, 10, 0, G_MAXUINT16, &port, NULL))
    return fail ("media port", error);

  section = g_new0 (Section, 1);
  section->mid = g_strdup ("");
  section->is_video = g_str_equal (fields[0], "video");
  section->is_media = section->is_video || g_str_equal (fields[0], "audio");
  section->port_zero = port == 0;
  section->sends = self->sends;
  section->fingerprints = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (self->sections, section);
  return TRUE;
}

static gboolean
read_mid (Reader *self,
          Section *section,
          const char *value,
          GError **error)
{
  if (*section->mid != '\0' || *value == '\0' || strlen (value) > MAX_TOKEN
      || strpbrk (value, " \t") != NULL)
    return fail ("mid", error);

  for (guint i = 0; i < self->sections->len; i++)
    if (g_str_equal (((Section *) self->sections->pdata[i])->mid, value))
      return fail ("a mid twice", error);

  g_free (section->mid);
  section->mid = g_strdup (value);
  return TRUE;
}

static gboolean
read_direction (Reader *self,
                Section *section,
                const char *value)
{
  gboolean sends = g_str_equal (value, "sendrecv") || g_str_equal (value, "sendonly");

  if (!sends && !g_str_equal (value, "recvonly") && !g_str_equal (value, "inactive"))
    return FALSE;

  if (section != NULL)
    section->sends = sends;
  else
    self->sends = sends;
  return TRUE;
}

static gboolean
read_attribute (Reader *self,
                const char *value,
                GError **error)
{
  Section *section = NULL;
  const char *rest;

  if (self->sections->len > 0)
    section = self->sections->pdata[self->sections->len - 1];

  if (read_direction (self, section, value))
    return TRUE;

  if (g_str_has_prefix (value, "fingerprint:"))
    {
      gboolean usable = FALSE;

      rest = value + strlen ("fingerprint:");
      if (!read_fingerprint (section != NULL ? section->fingerprints : self->fingerprints, rest,
                             &usable, error))
        return FALSE;
      if (section != NULL && usable)
        section->has_fingerprint = TRUE;
    }
  else if (g_str_has_prefix (value, "ice-ufrag:"))
    {
      rest = value + strlen ("ice-ufrag:");
      if (*rest == '\0' || strlen (rest) > MAX_UFRAG || self->ufrags->len > ALCOVE_SDP_MAX_SECTIONS)
        return fail ("ice-ufrag", error);
      add_distinct (self->ufrags, rest);
    }
  else if (section != NULL && g_str_has_prefix (value, "candidate:"))
    self->has_candidates = TRUE;
  else if (section != NULL && g_str_has_prefix (value, "mid:"))
    return read_mid (self, section, value + strlen ("mid:"), error);
  else if (section != NULL && g_str_equal (value, "bundle-only"))
    section->bundle_only = TRUE;
  else if (section == NULL && g_str_has_prefix (value, "group:BUNDLE"))
    {
      if (self->bundles->len >= ALCOVE_SDP_MAX_SECTIONS)
        return fail ("too many groups", error);
      g_ptr_array_add (self->bundles,
                       g_strsplit (value + strlen ("group:BUNDLE"), " ",
                                   ALCOVE_SDP_MAX_SECTIONS + 2));
    }

  return TRUE;
}

static gboolean
read_line (Reader *self,
           const char *line,
           GError **error)
{
  if (!self->seen_version)
    {
      if (!g_str_equal (line, "v=0"))
        return fail ("no version line", error);
      self->seen_version = TRUE;
      return TRUE;
    }

  if (*line == '\0')
    return TRUE;
  if (!g_ascii_islower (line[0]) || line[1] != '=')
    return fail ("a line that is none", error);

  switch (line[0])
    {
    case 'v':
      return fail ("a second version line", error);
    case 'o':
      return read_origin (self, line + 2, error);
    case 'm':
      return read_media (self, line + 2, error);
    case 'a':
      return read_attribute (self, line + 2, error);
    default:
      return TRUE;
    }
}

static gboolean
section_is_rejected (const Section *self)
{
  return self->port_zero && !self->bundle_only;
}

static void
assign_groups (Reader *self)
{
  for (guint i = 0; i < self->sections->len; i++)
    {
      Section *section = self->sections->pdata[i];

      if (*section->mid == '\0')
        continue;
      for (guint j = 0; j < self->bundles->len && section->group == 0; j++)
        if (g_strv_contains (self->bundles->pdata[j], section->mid))
          section->group = j + 1;
    }
}

/* In a bundle one section may speak for all: RFC 9143 leaves the transport's
 * attributes out of the others. */
static gboolean
group_has_fingerprint (Reader *self,
                       guint group)
{
  for (guint i = 0; group > 0 && i < self->sections->len; i++)
    {
      const Section *section = self->sections->pdata[i];

      if (section->group == group && section->has_fingerprint && !section_is_rejected (section))
        return TRUE;
    }

  return FALSE;
}

static GStrv
collect_fingerprints (Reader *self,
                      GError **error)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  gboolean all_covered = TRUE;

  assign_groups (self);

  for (guint i = 0; i < self->sections->len; i++)
    {
      const Section *section = self->sections->pdata[i];

      if (section_is_rejected (section))
        continue;

      for (guint j = 0; j < section->fingerprints->len; j++)
        add_distinct (all, section->fingerprints->pdata[j]);

      /* The session's fingerprint holds for the sections that have none. */
      if (section->has_fingerprint)
        continue;
      if (self->fingerprints->len > 0)
        for (guint j = 0; j < self->fingerprints->len; j++)
          add_distinct (all, self->fingerprints->pdata[j]);
      else if (!group_has_fingerprint (self, section->group))
        all_covered = FALSE;
    }

  if (all->len == 0 || !all_covered)
    {
      g_set_error_literal (error, ALCOVE_ERROR, ALCOVE_ERROR_SDP_NO_FINGERPRINT,
                           _ ("A call description had no fingerprint, so that nobody could tell "
                              "who is at the other end. It was refused."));
      return NULL;
    }

  g_ptr_array_add (all, NULL);
  return (GStrv) g_ptr_array_free (g_steal_pointer (&all), FALSE);
}

/**
 * alcove_sdp_inspect:
 * @sdp: a session description from a stranger, lines ended by LF or CRLF; need not be
 *   valid UTF-8
 * @error: return location for an error
 *
 * Reads of a session description what the negotiation of a pair depends on,
 * and refuses one that no link should see. Pure and bounded; may be called from any
 * thread.
 *
 * A media section with port 0 is a rejected one, except with `a=bundle-only`; all
 * others need a fingerprint of their own, of the session, or of their bundle.
 *
 * Errors: %ALCOVE_ERROR_SDP_NO_FINGERPRINT, and %ALCOVE_ERROR_SDP_INVALID for all
 * else.
 *
 * Returns: (transfer full) (nullable): what it says, or %NULL
 */
AlcoveSdpInfo *
alcove_sdp_inspect (const char *sdp,
                    GError **error)
{
  g_auto (Reader) reader = { 0 };
  g_auto (GStrv) fingerprints = NULL;
  AlcoveSdpInfo *info;
  gsize length = sdp != NULL ? strnlen (sdp, ALCOVE_SDP_MAX_LENGTH + 1) : 0;
  const char *at = sdp;
  guint n_lines = 0;

  reader.sends = TRUE;
  reader.bundles = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  reader.sections = g_ptr_array_new_with_free_func (section_free);
  reader.fingerprints = g_ptr_array_new_with_free_func (g_free);
  reader.ufrags = g_ptr_array_new_with_free_func (g_free);

  if (length == 0 || length > ALCOVE_SDP_MAX_LENGTH)
    {
      fail (length == 0 ? "empty" : "too long", error);
      return NULL;
    }
  if (!g_utf8_validate_len (sdp, length, NULL))
    {
      fail ("not text", error);
      return NULL;
    }

  while (*at != '\0')
    {
      gsize size = strcspn (at, "\n");
      gsize text_size = strcspn (at, "\r\n");
      g_autofree char *line = g_strndup (at, text_size);

      if (++n_lines > ALCOVE_SDP_MAX_LINES)
        {
          fail ("too many lines", error);
          return NULL;
        }
      /* The link's parser ends a line at the first of these, whatever follows: what it would
       * pass over must not be taken for anything here. */
      if (text_size + strspn (at + text_size, "\r") != size)
        {
          fail ("a broken line", error);
          return NULL;
        }
      if (!read_line (&reader, line, error))
        return NULL;
      at += at[size] == '\n' ? size + 1 : size;
    }

  if (reader.session_id == NULL || reader.sections->len == 0)
    {
      fail (reader.session_id == NULL ? "no origin" : "no media section", error);
      return NULL;
    }

  fingerprints = collect_fingerprints (&reader, error);
  if (fingerprints == NULL)
    return NULL;

  info = g_new0 (AlcoveSdpInfo, 1);
  info->session_id = g_steal_pointer (&reader.session_id);
  info->fingerprints = g_steal_pointer (&fingerprints);
  g_ptr_array_add (reader.ufrags, NULL);
  info->ufrags = (GStrv) g_ptr_array_free (g_steal_pointer (&reader.ufrags), FALSE);
  info->has_candidates = reader.has_candidates;
  info->n_sections = reader.sections->len;
  info->mids = g_new0 (char *, info->n_sections + 1);
  for (guint i = 0; i < info->n_sections; i++)
    {
      Section *section = reader.sections->pdata[i];

      info->mids[i] = g_steal_pointer (&section->mid);
      if (section->is_media && !section_is_rejected (section))
        {
          info->n_media++;
          info->n_sending += section->sends;
          info->sends_pictures |= section->sends && section->is_video;
        }
    }

  return info;
}

/**
 * alcove_sdp_info_free:
 * @self: (nullable) (transfer full): what alcove_sdp_inspect() returned
 */
void
alcove_sdp_info_free (AlcoveSdpInfo *self)
{
  if (self == NULL)
    return;

  g_free (self->session_id);
  g_strfreev (self->fingerprints);
  g_strfreev (self->ufrags);
  g_strfreev (self->mids);
  g_free (self);
}

/**
 * alcove_sdp_candidate_ufrag:
 * @candidate: a candidate from a stranger, `candidate:…`
 *
 * Reads of a candidate which description it belongs to. Browsers add it as an
 * extension, `ufrag XXXX`, since candidates and descriptions may overtake each other; it
 * is in no RFC. Pure; may be called from any thread.
 *
 * Returns: (transfer full) (nullable): the ICE user fragment, %NULL if it does not tell
 */
char *
alcove_sdp_candidate_ufrag (const char *candidate)
{
  const char *at = strstr (candidate, " ufrag ");
  gsize size;

  if (at == NULL)
    return NULL;

  at += strlen (" ufrag ");
  size = strcspn (at, " \r\n");
  return size > 0 && size <= MAX_UFRAG ? g_strndup (at, size) : NULL;
}
