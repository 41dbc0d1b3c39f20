// Written by `npm run generate` from the routes. Do not edit.
import type { Operation } from '@smartserver/service-kit';

export const operations: Operation[] = [
  {
    "operationId": "getTokenKeys",
    "routes": "TokenKeysRoutes",
    "httpMethod": "GET",
    "path": "/.well-known/jwks.json",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "listApiClients",
    "routes": "ApiClientsRoutes",
    "httpMethod": "GET",
    "path": "/v1/api-clients",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "limit"
      },
      {
        "in": "query",
        "name": "cursor"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "api-clients:read"
    ]
  },
  {
    "operationId": "createApiClient",
    "routes": "ApiClientsRoutes",
    "httpMethod": "POST",
    "path": "/v1/api-clients",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 201,
    "scopes": [
      "api-clients:write"
    ]
  },
  {
    "operationId": "revokeApiClient",
    "routes": "ApiClientsRoutes",
    "httpMethod": "POST",
    "path": "/v1/api-clients/{clientId}/revoke",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "clientId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "api-clients:write"
    ]
  },
  {
    "operationId": "rotateApiClient",
    "routes": "ApiClientsRoutes",
    "httpMethod": "POST",
    "path": "/v1/api-clients/{clientId}/rotate",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "clientId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "api-clients:write"
    ]
  },
  {
    "operationId": "acceptInvitation",
    "routes": "InvitationsRoutes",
    "httpMethod": "POST",
    "path": "/v1/auth/invitations/{token}/accept",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "token"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "login",
    "routes": "SignInRoutes",
    "httpMethod": "POST",
    "path": "/v1/auth/login",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "logout",
    "routes": "SignInRoutes",
    "httpMethod": "POST",
    "path": "/v1/auth/logout",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      }
    ],
    "successStatus": 204,
    "scopes": null
  },
  {
    "operationId": "refreshSession",
    "routes": "SignInRoutes",
    "httpMethod": "POST",
    "path": "/v1/auth/refresh",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "createToken",
    "routes": "TokenRoutes",
    "httpMethod": "POST",
    "path": "/v1/auth/token",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "createCmsSession",
    "routes": "CmsSessionsRoutes",
    "httpMethod": "POST",
    "path": "/v1/cms/sessions",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 201,
    "scopes": null
  },
  {
    "operationId": "listCustomers",
    "routes": "CustomersRoutes",
    "httpMethod": "GET",
    "path": "/v1/customers",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "name"
      },
      {
        "in": "query",
        "name": "limit"
      },
      {
        "in": "query",
        "name": "cursor"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "customers:read"
    ]
  },
  {
    "operationId": "createCustomer",
    "routes": "CustomersRoutes",
    "httpMethod": "POST",
    "path": "/v1/customers",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 201,
    "scopes": [
      "customers:write"
    ]
  },
  {
    "operationId": "getCustomer",
    "routes": "CustomersRoutes",
    "httpMethod": "GET",
    "path": "/v1/customers/{customerId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "customerId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "customers:read"
    ]
  },
  {
    "operationId": "updateCustomer",
    "routes": "CustomersRoutes",
    "httpMethod": "PATCH",
    "path": "/v1/customers/{customerId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "customerId"
      },
      {
        "in": "body",
        "name": "body"
      },
      {
        "in": "header",
        "name": "If-Match"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "customers:write"
    ]
  },
  {
    "operationId": "listContacts",
    "routes": "ContactsRoutes",
    "httpMethod": "GET",
    "path": "/v1/customers/{customerId}/contacts",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "customerId"
      },
      {
        "in": "query",
        "name": "limit"
      },
      {
        "in": "query",
        "name": "cursor"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "customers:read"
    ]
  },
  {
    "operationId": "createContact",
    "routes": "ContactsRoutes",
    "httpMethod": "POST",
    "path": "/v1/customers/{customerId}/contacts",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "customerId"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 201,
    "scopes": [
      "customers:write"
    ]
  },
  {
    "operationId": "deleteContact",
    "routes": "ContactsRoutes",
    "httpMethod": "DELETE",
    "path": "/v1/customers/{customerId}/contacts/{contactId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "customerId"
      },
      {
        "in": "path",
        "name": "contactId"
      }
    ],
    "successStatus": 204,
    "scopes": [
      "customers:write"
    ]
  },
  {
    "operationId": "getMe",
    "routes": "MeRoutes",
    "httpMethod": "GET",
    "path": "/v1/me",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      }
    ],
    "successStatus": 200,
    "scopes": []
  },
  {
    "operationId": "listPartners",
    "routes": "PartnersRoutes",
    "httpMethod": "GET",
    "path": "/v1/partners",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "query",
        "name": "limit"
      },
      {
        "in": "query",
        "name": "cursor"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "partners:read"
    ]
  },
  {
    "operationId": "createPartner",
    "routes": "PartnersRoutes",
    "httpMethod": "POST",
    "path": "/v1/partners",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 201,
    "scopes": [
      "partners:write"
    ]
  },
  {
    "operationId": "getPartner",
    "routes": "PartnersRoutes",
    "httpMethod": "GET",
    "path": "/v1/partners/{partnerId}",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "partnerId"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "partners:read"
    ]
  },
  {
    "operationId": "listUsers",
    "routes": "PartnerUsersRoutes",
    "httpMethod": "GET",
    "path": "/v1/partners/{partnerId}/users",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "partnerId"
      },
      {
        "in": "query",
        "name": "limit"
      },
      {
        "in": "query",
        "name": "cursor"
      }
    ],
    "successStatus": 200,
    "scopes": [
      "partners:read"
    ]
  },
  {
    "operationId": "inviteUser",
    "routes": "PartnerUsersRoutes",
    "httpMethod": "POST",
    "path": "/v1/partners/{partnerId}/users",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "partnerId"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 201,
    "scopes": [
      "partners:write"
    ]
  },
  {
    "operationId": "createPortalChallenge",
    "routes": "PortalSignInRoutes",
    "httpMethod": "POST",
    "path": "/v1/portal/challenges",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 202,
    "scopes": null
  },
  {
    "operationId": "verifyPortalChallenge",
    "routes": "PortalSignInRoutes",
    "httpMethod": "POST",
    "path": "/v1/portal/challenges/{challengeId}/verify",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "path",
        "name": "challengeId"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 200,
    "scopes": null
  },
  {
    "operationId": "createPortalSession",
    "routes": "PortalSignInRoutes",
    "httpMethod": "POST",
    "path": "/v1/portal/sessions",
    "arguments": [
      {
        "in": "request",
        "name": "request"
      },
      {
        "in": "body",
        "name": "body"
      }
    ],
    "successStatus": 201,
    "scopes": null
  }
];
