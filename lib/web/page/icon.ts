/** The page's icon. */
export const ICON = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">
<rect width="32" height="32" rx="10" fill="#1f6f8b"/><rect x="9" y="9" width="14" height="14" rx="4" fill="#fff"/>
</svg>
`;
