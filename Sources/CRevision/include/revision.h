#pragma once

/// The commit of which a release was made, as git abbreviates it, with `-dirty` where files had been changed; empty for other builds.
const char *ukey_revision(void);
