/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define ALCOVE_FILE_MAX_ID 64
/* Characters of the data URL in one message: what the pages of the protocol send. */
#define ALCOVE_FILE_PIECE 1000

/**
 * AlcoveFileSignal:
 * @ALCOVE_FILE_ASK: the sender would like to send: `name`, `size`
 * @ALCOVE_FILE_ACCEPT: the receiver wants it
 * @ALCOVE_FILE_REFUSE: the receiver does not want it, or not any more
 * @ALCOVE_FILE_CHUNK: a piece of the content: `data`, `last`, `percent`
 * @ALCOVE_FILE_CLOSE: the sender gives up
 */
typedef enum {
  ALCOVE_FILE_ASK,
  ALCOVE_FILE_ACCEPT,
  ALCOVE_FILE_REFUSE,
  ALCOVE_FILE_CHUNK,
  ALCOVE_FILE_CLOSE,
} AlcoveFileSignal;

/**
 * AlcoveFileMessage:
 * @signal: what it is
 * @id: the transfer's id, chosen by its sender: unique only together with the sender
 * @name: (nullable): the file's name as the sender has it; ask only
 * @size: of the file in bytes; ask only
 * @last: whether the content ends with this piece; chunk only
 * @data: (nullable): the next characters of the content as a data URL; chunk only
 * @percent: how much of the content is sent with this piece; chunk only, for show
 *
 * One message of a file's transfer over the page's data channel. All pointers are owned
 * by it. The content is one data URL, cut into pieces.
 */
typedef struct {
  AlcoveFileSignal signal;
  char *id;
  char *name;
  guint64 size;
  gboolean last;
  char *data;
  double percent;
} AlcoveFileMessage;

void alcove_file_message_free (AlcoveFileMessage *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlcoveFileMessage, alcove_file_message_free)

G_END_DECLS
