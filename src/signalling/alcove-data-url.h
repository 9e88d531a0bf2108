/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* A header names a media type and its parameters. */
#define ALCOVE_DATA_URL_MAX_HEADER 512

/**
 * AlcoveDataUrlWriter:
 *
 * Makes a data URL of bytes as they come, and hands it out in pieces. Pure.
 */
typedef struct _AlcoveDataUrlWriter AlcoveDataUrlWriter;

AlcoveDataUrlWriter *alcove_data_url_writer_new       (const char          *media_type,
                                                       guint64              size);
void                 alcove_data_url_writer_free      (AlcoveDataUrlWriter *self);
guint64              alcove_data_url_writer_get_missing (AlcoveDataUrlWriter *self);
gsize                alcove_data_url_writer_get_ready (AlcoveDataUrlWriter *self);
void                 alcove_data_url_writer_feed      (AlcoveDataUrlWriter *self,
                                                       const guint8        *bytes,
                                                       gsize                length);
char                *alcove_data_url_writer_take      (AlcoveDataUrlWriter *self,
                                                       gsize                length,
                                                       gboolean            *last,
                                                       double              *percent);

/**
 * AlcoveDataUrlReader:
 *
 * Makes bytes of the pieces of a data URL. Pure.
 */
typedef struct _AlcoveDataUrlReader AlcoveDataUrlReader;

AlcoveDataUrlReader *alcove_data_url_reader_new       (guint64              size);
void                 alcove_data_url_reader_free      (AlcoveDataUrlReader *self);
gboolean             alcove_data_url_reader_feed      (AlcoveDataUrlReader *self,
                                                       const char          *text,
                                                       GByteArray          *bytes,
                                                       GError             **error);
gboolean             alcove_data_url_reader_finish    (AlcoveDataUrlReader *self,
                                                       GError             **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveDataUrlWriter, alcove_data_url_writer_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveDataUrlReader, alcove_data_url_reader_free)

G_END_DECLS
