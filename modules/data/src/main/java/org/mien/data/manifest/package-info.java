/** What a data set holds: samples with their identity, and what could not be used. */
package org.mien.data.manifest;
