/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

#include "alcove-trust.h"

G_BEGIN_DECLS

AlcoveTrust *alcove_trust_settings_new (GSettings *settings);

G_END_DECLS
