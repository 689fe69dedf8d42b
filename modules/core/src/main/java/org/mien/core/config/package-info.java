/**
 * From YAML to records. A configuration is a record whose components carry {@link
 * org.mien.core.config.Setting}; a variant is a sealed interface whose permitted records carry
 * {@link org.mien.core.config.TypeName}. Nothing here knows what the settings mean.
 */
package org.mien.core.config;
