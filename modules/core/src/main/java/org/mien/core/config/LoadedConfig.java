package org.mien.core.config;

/**
 * A configuration and the text it came from.
 *
 * @param value the bound record, every default filled in
 * @param source the YAML as written, without the overrides
 */
public record LoadedConfig<T>(T value, String source) {}
