/** The mark of Deckhand: an anchor on deep water. */
export function Logo({ size = 32 }: { size?: number }) {
  return (
    <svg class="logo" width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <defs>
        <linearGradient id="deckhand-water" x1="0" y1="0" x2="1" y2="1">
          <stop offset="0" stop-color="#17b3a9" />
          <stop offset="1" stop-color="#0b5a86" />
        </linearGradient>
      </defs>
      <rect width="32" height="32" rx="8" fill="url(#deckhand-water)" />
      <g fill="none" stroke="#fff" stroke-width="2.4" stroke-linecap="round" stroke-linejoin="round">
        <circle cx="16" cy="8.6" r="2.6" />
        <path d="M16 11.2V25M11.500 14.800h9M7 18.500c.4 4.300 4.300 6.600 9 6.600s8.600-2.300 9-6.600" />
      </g>
    </svg>
  );
}
