/**
 * From YAML to records. A configuration is a record whose components carry {@link
 * org.mien.core.config.Setting}; a variant is a sealed interface whose permitted records carry
 * {@link org.mien.core.config.TypeName}. Nothing here knows what the settings mean.
 *
 * <p>{@link org.mien.core.config.ConfigLoader} reads, {@link org.mien.core.config.ConfigWriter}
 * writes every default out, {@link org.mien.core.config.SchemaGenerator} tells editors. After the
 * loader nothing reads YAML.
 */
package org.mien.core.config;
