/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "alcove-capture-spec.h"
#include "alcove-devices.h"

G_BEGIN_DECLS

/**
 * AlcoveCaptureOther:
 *
 * Which device stands for the one that was chosen; all zero at first.
 */
typedef struct {
  /*< private >*/
  char *id;
  GPtrArray *refused; /* char *, could not be used either; NULL for none */
} AlcoveCaptureOther;

gboolean    alcove_capture_other_lists   (GListModel              *devices,
                                          const char              *id);
gboolean    alcove_capture_other_is_left (AlcoveCaptureOther      *self,
                                          const AlcoveCaptureSpec *spec,
                                          GListModel              *devices,
                                          gboolean                 replaced);
char       *alcove_capture_other_take    (AlcoveCaptureOther      *self,
                                          const AlcoveCaptureSpec *spec,
                                          GListModel              *devices);
void        alcove_capture_other_forget  (AlcoveCaptureOther      *self);
void        alcove_capture_other_clear   (AlcoveCaptureOther      *self);

G_END_DECLS
