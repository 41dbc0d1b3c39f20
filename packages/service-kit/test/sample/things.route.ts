import type { EntityTag, PageCursor, PageLimit, Problem, Uuid } from '@smartserver/contracts';
import {
  Body,
  Consumes,
  Delete,
  Example,
  Get,
  Header,
  Patch,
  Path,
  Post,
  Query,
  Request,
  Response,
  Route,
  Security,
  SuccessResponse,
  Tags,
} from '@tsoa/runtime';
import type { FastifyRequest } from 'fastify';
import type { CreateThingRequest, FormRequest, Thing, ThingPage } from './things.ts';

/** What the routes call: a test gives the functions. */
export type ThingService = {
  create(request: FastifyRequest, body: CreateThingRequest): Promise<Thing>;
  list(request: FastifyRequest, query: Record<string, unknown>): Promise<ThingPage>;
  get(request: FastifyRequest, thingId: Uuid): Promise<Thing>;
  edit(request: FastifyRequest, thingId: Uuid, body: { note: string }): Promise<Thing>;
  open(request: FastifyRequest, body?: FormRequest): Promise<void>;
};

@Route('v1/things')
@Tags('Things')
export class ThingsRoutes {
  constructor(private readonly things: ThingService) {}

  /** Make a thing. */
  @Post()
  @SuccessResponse(201, 'Created')
  @Security('oauth2', ['licenses:write'])
  @Response<Thing>(202, 'Later')
  @Response<Problem>(404, 'customer_not_found')
  @Response<Problem>(409, 'license_in_use')
  @Example<Thing>({
    thingId: '2133c667-af41-4518-94df-a2bb3b775330',
    name: 'Pump',
    count: 3,
    owner: null,
    kind: null,
    parent: null,
    at: null,
  })
  createThing(@Request() request: FastifyRequest, @Body() body: CreateThingRequest): Promise<Thing> {
    return this.things.create(request, body);
  }

  /** List things. */
  @Get()
  @Security('oauth2', ['licenses:read'])
  listThings(
    @Request() request: FastifyRequest,
    @Query() limit?: PageLimit,
    @Query() cursor?: PageCursor,
    @Query() owner?: Uuid,
    @Query() kind?: 'big' | 'small',
  ): Promise<ThingPage> {
    return this.things.list(request, { limit, cursor, owner, kind });
  }

  /** See a thing. Any signed-in actor may. */
  @Get('{thingId}')
  @Security('oauth2', [])
  getThing(@Request() request: FastifyRequest, @Path() thingId: Uuid): Promise<Thing> {
    return this.things.get(request, thingId);
  }

  /** Edit a thing. */
  @Patch('{thingId}')
  @Security('oauth2', ['licenses:write'])
  editThing(
    @Request() request: FastifyRequest,
    @Path() thingId: Uuid,
    @Body() body: { note: string },
    @Header('If-Match') _match?: EntityTag,
  ): Promise<Thing> {
    return this.things.edit(request, thingId, body);
  }

  /** Throw a thing away. */
  @Delete('{thingId}')
  @SuccessResponse(204, 'Gone')
  @Security('oauth2', ['licenses:write'])
  deleteThing(@Request() request: FastifyRequest, @Path() thingId: Uuid): Promise<void> {
    return this.things.get(request, thingId).then(() => undefined);
  }
}

@Route('v1/open')
@Tags('Open')
export class OpenRoutes {
  constructor(private readonly things: ThingService) {}

  /** A form, as OAuth clients send it. */
  @Post('form')
  @SuccessResponse(204, 'Done')
  @Consumes('application/x-www-form-urlencoded')
  openForm(@Request() request: FastifyRequest, @Body() body: FormRequest): Promise<void> {
    return this.things.open(request, body);
  }

  /** A POST without a body. */
  @Post('ping')
  @SuccessResponse(204, 'Done')
  openPing(@Request() request: FastifyRequest): Promise<void> {
    return this.things.open(request);
  }
}
